// Chromium: its own EventSource and WebSocket, and two people on the page who see each other.
// --scenario=native | page | picture (writes --out=PNG)
import { chromium } from "playwright-core";
import { args, expect, run, until } from "./expect.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run"];

async function native(browser) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(args.base);
  const outcome = await page.evaluate(async ({ stream, token }) => {
    const waitFor = async (probe, what) => {
      const end = Date.now() + 20000;
      while (!probe()) {
        if (Date.now() > end) throw new Error(`Did not come: ${what}`);
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    };
    const events = [], messages = [];
    const source = new EventSource(`/v1/streams/${stream}/events?access_token=${token}`);
    source.addEventListener("snapshot", event => events.push({ t: "snapshot", id: event.lastEventId, ...JSON.parse(event.data) }));
    source.addEventListener("frame", event => events.push({ t: "frame", id: event.lastEventId, ...JSON.parse(event.data) }));
    const socket = new WebSocket(`ws://${location.host}/v1/streams/${stream}/socket?access_token=${token}`, "interactions.v1.json");
    socket.onmessage = event => messages.push(JSON.parse(event.data));
    await waitFor(() => events.length && messages.length, "both snapshots");
    socket.send(JSON.stringify({ t: "send", ref: 1, items: [{ type: "reaction", kind: "like", count: 2 }, { type: "comment", text: "from Chromium" }] }));
    const said = list => list.some(item => item.t === "frame" && item.comments?.some(comment => comment.text === "from Chromium"));
    await waitFor(() => said(events), "the comment over EventSource");
    await waitFor(() => said(messages), "the comment over WebSocket");
    await waitFor(() => messages.some(message => message.t === "ack"), "the ack");
    source.close();
    socket.close();
    return { first: [events[0].t, messages[0].t], ids: events.every(event => event.id === event.position), protocol: socket.protocol, ack: messages.find(message => message.t === "ack") };
  }, args);
  expect(outcome.first.join() === "snapshot,snapshot", `two snapshots first, not ${outcome.first}`);
  expect(outcome.ids, "each event's id to be its position");
  expect(outcome.protocol === "interactions.v1.json", "the subprotocol");
  expect(outcome.ack.ref === 1 && outcome.ack.results.every(result => result.status === "accepted"), "both accepted");
}

async function visit(browser, path, name, role, options) {
  const page = await (await browser.newContext(options)).newPage();
  page.problems = [];
  page.on("pageerror", error => page.problems.push(String(error)));
  page.on("console", message => { if (message.type() === "error") page.problems.push(message.text()); });
  await page.goto(args.base + path);
  await page.fill("#name", name);
  await page.click(`#sign-in button[value=${role}]`);
  await page.waitForSelector("#signed-in:not([hidden])");
  return page;
}

const say = async (page, text) => {
  await page.fill("#text:enabled", text);
  await page.click("#comment button");
};
const sees = (page, text) => page.waitForFunction(wanted => [...document.querySelectorAll("#comments .comment > span:nth-child(2)")].some(row => row.textContent === wanted), text);
const counts = (page, kind, count) => page.waitForFunction(({ kind, count }) => document.querySelector(`#reactions button[data-kind="${kind}"] b`)?.textContent === String(count), { kind, count });

async function create(browser, id, options) {
  const host = await visit(browser, "", "Hedy", "broadcaster", options);
  await host.fill("#create-id:visible", id);
  await host.fill("#create-title", "The match");
  await host.click("#create button");
  await host.waitForURL(/stream=/);
  await host.waitForSelector("#status.live");
  return host;
}

async function together(browser) {
  const id = args.stream;
  const host = await create(browser, id, {});
  const guest = await visit(browser, `?stream=${id}`, "Finn", "viewer", { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  await guest.waitForSelector("#status.live");

  await say(guest, "<img src=x onerror=alert(1)> & hello");
  await sees(host, "<img src=x onerror=alert(1)> & hello");
  await say(host, "welcome");
  await sees(guest, "welcome");
  await guest.click("#reactions button[data-kind=like]");
  await counts(host, "like", 1);
  await host.click("#reactions button[data-kind=like]");
  await counts(guest, "like", 2);
  await counts(host, "like", 2);
  await guest.waitForFunction(() => document.querySelector("#viewers").textContent === "2");

  await host.fill("#poll-question", "Who wins?");
  await host.fill("#poll-choices", "red, blue");
  await host.click("#poll button");
  await guest.click(".poll button:has-text('blue'):enabled");
  await host.waitForFunction(() => document.querySelectorAll(".poll button b")[1]?.textContent === "1");
  await host.locator("#comments .comment", { hasText: "hello" }).getByRole("button", { name: "pin" }).click();
  await guest.waitForSelector("#pinned:not([hidden])");
  await host.locator("#comments .comment", { hasText: "welcome" }).getByRole("button", { name: "delete" }).click();
  await guest.waitForFunction(() => ![...document.querySelectorAll("#comments .comment")].some(row => row.textContent.includes("welcome")));
  await host.fill("#cue-name", "goal");
  await host.click("#cue button");
  await guest.waitForSelector("#cues li");
  expect(await guest.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling at phone width");

  await host.click("#end");
  await guest.waitForSelector("#status.ended");
  for (const page of [host, guest]) expect(page.problems.length === 0, `no errors on the page, not ${page.problems.join("; ")}`);
}

async function picture(browser) {
  const host = await create(browser, args.stream, { viewport: { width: 1100, height: 640 } });
  const guests = [];
  for (const name of ["Ada", "Bo", "Cleo"]) guests.push(await visit(browser, `?stream=${args.stream}`, name, "viewer", {}));
  for (const guest of guests) await guest.waitForSelector("#status.live");
  await host.fill("#poll-question", "Who wins?");
  await host.fill("#poll-choices", "Red, Blue");
  await host.click("#poll button");
  const lines = ["Here we go!", "Hello from the train", "What a start", "Did you see that?", "¡Vamos!", "One more, come on"];
  for (let i = 0; i < lines.length; i++) {
    const guest = guests[i % guests.length];
    await say(guest, lines[i]);
    await sees(host, lines[i]);
    for (let taps = 0; taps < 4 + i; taps++) await guest.click(`#reactions button[data-kind=${["like", "wow", "laugh"][i % 3]}]`);
  }
  for (let i = 0; i < guests.length; i++) await guests[i].click(`.poll button:has-text('${i ? "Red" : "Blue"}'):enabled`);
  await host.fill("#cue-name", "goal");
  await host.click("#cue button");
  await host.waitForFunction(() => document.querySelectorAll(".poll button b")[0]?.textContent === "2");
  await host.evaluate(() => { document.querySelector("#roster-box").open = true; scrollTo(0, 0); });
  await host.screenshot({ path: args.out });
}

run(async () => {
  const browser = await chromium.launch({ executablePath: args.chromium ?? "/usr/bin/chromium", args: flags });
  try {
    await { native, page: together, picture }[args.scenario](browser);
  } finally {
    await browser.close();
  }
});
