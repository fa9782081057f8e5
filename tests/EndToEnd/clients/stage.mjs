// What the scripts that drive the page share: a browser, people on the page, and what they do there.
import { chromium } from "playwright-core";
import { args, patienceMs } from "./expect.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run"];

const settings = { executablePath: args.chromium ?? "/usr/bin/chromium", args: flags };

/** One that runs already (--browser=ws://…, see chromium.mjs), or one of its own. Closing it closes what was opened in it. */
export const open = () => args.browser ? chromium.connect(args.browser) : chromium.launch(settings);

export const serve = () => chromium.launchServer(settings);

/** A person: a context and a page of their own. Whatever the console says is collected in `page.problems`. */
export async function person(browser, hash = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", error => page.problems.push(String(error)));
  page.on("console", message => { if (["error", "warning"].includes(message.type())) page.problems.push(message.text()); });
  // Policy violations may be reported without a word on the console.
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(`${args.base}${hash}`);
  return page;
}

/** Two clicks from the front door to live; more settings only where the scenario asks for them. */
export async function goLive(page, { id, title, name, own, prepareOnly } = {}) {
  await page.click("#go-live");
  if (name) await page.fill("#new-name", name);
  if (title) await page.fill("#new-title", title);
  if (id || own) {
    await page.click("#create details summary");
    if (id) await page.fill("#new-id", id);
    if (own) await page.fill("#new-own", own);
  }
  await page.click(prepareOnly ? "#create-only" : "#create-live");
  await page.waitForURL(/#\/s\//);
  await page.waitForSelector(prepareOnly ? "#status.created" : "#status.live");
  return decodeURIComponent(new URL(page.url()).hash.slice(4));
}

export async function join(page, name) {
  await page.fill("#join-name", name);
  await page.click("#join-button");
  await page.waitForSelector("#text:enabled");
}

export async function say(page, text) {
  await page.fill("#text", text);
  await page.click("#send");
  await page.waitForFunction(() => document.querySelector("#text").value === "");
}

export const sees = (page, text) => page.waitForFunction(wanted => [...document.querySelectorAll("#comments .comment p")].some(row => row.textContent === wanted), text);
export const counts = (page, kind, count) => page.waitForFunction(({ kind, count }) => document.querySelector(`#reactions button[data-kind="${kind}"] b`)?.textContent === String(count), { kind, count });

/** Opens what can be done with a comment and does it. */
export async function act(page, text, action) {
  const row = page.locator("#comments .comment", { hasText: text });
  await row.hover();
  await row.locator(".more").click();
  await page.locator(".menu button", { hasText: action }).click();
}

/** The service's API as a person of one's own, with a token to try it with. */
export async function api(sub, role = "broadcaster", name = sub) {
  const json = (method, path, token, body) => fetch(`${args.base}v1/${path}`, { method, headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) }, body: body && JSON.stringify(body) });
  const { token } = await (await json("POST", "dev/tokens", null, { sub, name, role })).json();
  return {
    token,
    async call(method, path, body) {
      const answer = await json(method, path, token, body);
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    send(stream, ...items) {
      return this.call("POST", `streams/${stream}/interactions`, items);
    },
  };
}
