// Takes the page in every state, to be looked at: node screenshots.mjs --base=http://127.0.0.1:5080/ --out=/tmp/shots [--only=busy]
// Needs a running service with Auth:Dev; makes streams of its own.
import { mkdirSync } from "node:fs";
import { args, run } from "./expect.mjs";
import { act, api, goLive, join, open, person, say } from "./stage.mjs";

const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 };
const dark = { colorScheme: "dark" }, light = { colorScheme: "light" };
const salt = Date.now().toString(36).slice(-5);
mkdirSync(args.out, { recursive: true });

const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
const picture = (page, name, fullPage = false) => page.screenshot({ path: `${args.out}/${name}.png`, fullPage });
const both = async (browser, name, hash, prepare, fullPage, options = wide) => {
  for (const [theme, scheme] of [["dark", dark], ["light", light]]) {
    const page = await person(browser, hash, { ...options, ...scheme });
    await prepare(page);
    await picture(page, `${name}-${theme}`, fullPage);
    await page.context().close();
  }
};

const states = {
  async empty(browser) {
    await both(browser, "landing", "", () => wait(2500), true);
    await both(browser, "unknown", "#/s/no-such-stream", page => page.waitForSelector("#trouble"));
    await both(browser, "new", "#/new", page => page.waitForSelector("#create"));
  },
  async created(browser) {
    const host = await person(browser, "", { ...wide, ...dark });
    const id = await goLive(host, { id: `soon-${salt}`, prepareOnly: true });
    await picture(host, "created-host", true);
    await both(browser, "created", `#/s/${id}`, page => page.waitForSelector("#status.created"));
  },
  async busy(browser) {
    const host = await person(browser, "", { ...wide, ...dark });
    const id = await goLive(host, { id: `match-${salt}`, title: "Harbour United – Northern Lights, second half", name: "Hedy" });
    await picture(host, "live-host-quiet", true);
    const guest = await person(browser, `#/s/${id}`, { ...wide, ...dark });
    await picture(guest, "live-anonymous-dark");
    await join(guest, "Ada");
    await picture(guest, "live-quiet-dark");
    await host.click("#audience");
    await host.locator("#audience-mood").fill("3");
    await host.fill("#poll-question", "Who scores next?");
    await host.locator("#poll-choices input").nth(0).fill("Harbour United");
    await host.locator("#poll-choices input").nth(1).fill("Northern Lights");
    await host.click("#poll button.primary");
    await wait(14000);
    await say(guest, "What a save that was. Can somebody clip it?");
    await act(host, "What a save that was", "Pin");
    await guest.waitForSelector("#pinned:not([hidden])");
    await guest.locator(".choice").nth(0).click();
    await wait(4000);
    await picture(guest, "busy-viewer-dark");
    await picture(guest, "busy-viewer-dark-full", true);
    await guest.emulateMedia({ colorScheme: "light" });
    await wait(1500);
    await picture(guest, "busy-viewer-light");
    await host.evaluate(() => scrollTo(0, 0));
    await picture(host, "busy-host-dark", true);
    await host.evaluate(() => document.querySelector("#desk").scrollIntoView());
    await picture(host, "busy-desk-dark");
    await host.emulateMedia({ colorScheme: "light" });
    await wait(1500);
    await picture(host, "busy-host-light", true);
    await host.fill("#cue-name", "Goal!");
    await host.fill("#cue-data", "2 : 1");
    await host.click("#cue button:has-text('Cue')");
    await wait(1200);
    await picture(guest, "cue-light");
    await guest.emulateMedia({ colorScheme: "dark" });
    const small = await person(browser, `#/s/${id}`, { ...phone, ...dark });
    await join(small, "Finn");
    await wait(2500);
    await picture(small, "busy-phone-dark");
    await picture(small, "busy-phone-dark-full", true);
    await small.emulateMedia({ colorScheme: "light" });
    await picture(small, "busy-phone-light");
    await guest.locator(".chat-scroll").evaluate(node => { node.scrollTop = 0; });
    await wait(2500);
    await picture(guest, "scrolled-up-dark");
    await guest.context().setOffline(true);
    await wait(200);
    await host.click("#end");
    await host.click("#end");
    await host.waitForSelector("#status.ended");
    await guest.context().setOffline(false);
    await guest.waitForSelector("#status.ended");
    await wait(1500);
    await picture(guest, "ended-dark", true);
    await guest.emulateMedia({ colorScheme: "light" });
    await wait(1200);
    await picture(guest, "ended-light", true);
    await both(browser, "landing-live", "", () => wait(3000), true);
    await both(browser, "landing-phone", "", () => wait(2000), true, phone);
  },
  /** What the README shows: docs/page.png. */
  async readme(browser) {
    // Only the guest's stage is looked at: the other one need not move.
    const host = await person(browser, "", { ...dark, reducedMotion: "reduce" });
    const id = await goLive(host, { id: `derby-${salt}`, title: "Harbour United – Northern Lights, second half", name: "Hedy" });
    const guest = await person(browser, `#/s/${id}`, { viewport: { width: 1280, height: 950 }, ...dark });
    await join(guest, "Ada");
    await host.locator("#audience-size").fill("40");
    await host.locator("#audience-mood").fill("3");
    await host.click("#audience");
    await host.fill("#poll-question", "Who scores next?");
    await host.locator("#poll-choices input").nth(0).fill("Harbour United");
    await host.locator("#poll-choices input").nth(1).fill("Northern Lights");
    await host.click("#poll button.primary");
    await wait(20000);
    await say(guest, "What a save that was. Can somebody clip it?");
    await act(host, "What a save that was", "Pin");
    await say(host, "Welcome, all of you. Second half in a minute");
    await guest.waitForSelector("#pinned:not([hidden])");
    await guest.locator(".choice").nth(0).click();
    await guest.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await wait(2500);
    await picture(guest, "readme");
  },
  async rules(browser) {
    const owner = await api(`owner-${salt}`);
    const id = `rules-${salt}`;
    await owner.call("PUT", `streams/${id}`, { title: "Readings from unfinished books", slowModeSeconds: 30, reactions: ["like", "clap"] });
    await owner.call("POST", `streams/${id}/start`);
    const page = await person(browser, `#/s/${id}`, { ...wide, ...dark });
    await join(page, "Ada");
    await say(page, "Lovely. Which book is it?");
    await wait(500);
    await picture(page, "slow-mode-dark");
    await page.emulateMedia(light);
    await picture(page, "slow-mode-light");
    const [comment] = (await owner.call("GET", `streams/${id}`)).comments;
    await owner.call("PUT", `streams/${id}`, { slowModeSeconds: 0 });
    await owner.send(id, { type: "ban", user: comment.user, seconds: 600 });
    await page.reload();
    await page.waitForSelector(".notice.bad:not([hidden])");
    await picture(page, "banned-light");
    await page.emulateMedia(dark);
    await picture(page, "banned-dark");
    await page.evaluate(() => {
      const [head, , signature] = JSON.parse(sessionStorage.getItem("interactions.session")).token.split(".");
      const body = btoa(JSON.stringify({ sub: "eve", name: "Eve", exp: 1 }));
      sessionStorage.setItem("interactions.session", JSON.stringify({ token: `${head}.${body}.${signature}`, dev: false }));
    });
    await page.reload();
    await page.waitForSelector("#trouble");
    await picture(page, "refused-dark");
  },
  async disconnected(browser) {
    // Only with a service of its own, which --pid names: it is stopped and goes on.
    if (!args.pid) return;
    const owner = await api(`owner-d-${salt}`);
    const id = `cut-${salt}`;
    await owner.call("PUT", `streams/${id}`, { title: "Open rehearsal", reactions: ["like", "clap"] });
    await owner.call("POST", `streams/${id}/start`);
    const page = await person(browser, `#/s/${id}`, { ...wide, ...dark });
    await page.waitForSelector("#status.live");
    process.kill(Number(args.pid), "SIGKILL");
    await wait(4000);
    await picture(page, "disconnected-dark");
    await page.emulateMedia(light);
    await picture(page, "disconnected-light");
  },
};

run(async () => {
  const browser = await open();
  try {
    for (const name of args.only ? args.only.split(",") : Object.keys(states)) await states[name](browser);
  } finally {
    await browser.close();
  }
});
