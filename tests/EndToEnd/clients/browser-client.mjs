// The project's client in Chromium, as the page loads it: under the page's own policy, through cuts, a proxy without WebSockets, and ending tokens.
import { chromium } from "playwright-core";
import { InteractionsClient } from "../../../clients/js/src/index.js";
import { args, expect, run, until } from "./expect.mjs";
import { startService, tokenFor } from "./service.mjs";
import { openProxy } from "./tcp-proxy.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run"];

run(async () => {
  const service = await startService(args.dll);
  const owner = new InteractionsClient({ url: service.address, token: tokenFor("owner", "broadcaster"), transport: "sse" }).stream("chromium");
  await owner.configure({ reactions: ["like"] });
  await owner.start();
  const browser = await chromium.launch({ executablePath: args.chromium ?? "/usr/bin/chromium", args: flags });
  try {
    for (const [mode, transport] of [["pass", "websocket"], ["refuse-upgrade", "sse"], ["silent-upgrade", "sse"]]) {
      const proxy = await openProxy(service.address, mode);
      const page = await (await browser.newContext()).newPage();
      const problems = [];
      page.on("pageerror", error => problems.push(String(error)));
      await page.goto(proxy.address);
      await page.exposeFunction("newToken", () => tokenFor(`someone-${mode}`, "viewer", 6));
      await page.evaluate(async () => {
        const { InteractionsClient } = await import("/client/index.js");
        const stream = new InteractionsClient({ token: () => globalThis.newToken() }).stream("chromium");
        const seen = [], connections = [];
        stream.on("comment", comment => seen.push(comment.text));
        stream.on("connection", ({ state, transport }) => { if (state === "live") connections.push(transport); });
        Object.assign(globalThis, { stream, seen, connections });
      });
      const state = () => page.evaluate(() => globalThis.stream.state);
      const sees = text => until(() => page.evaluate(text => globalThis.seen.filter(one => one === text).length === 1, text), `${text}, once`);
      await until(async () => (await state()).transport === transport, `${mode}: ${transport}`);

      const before = (await state()).totals.like ?? 0;
      const shown = await page.evaluate(() => { globalThis.stream.react("like", 3); return globalThis.stream.state.shown.like; });
      expect(shown === before + 3, "taps to be shown at once");
      await until(async () => (await state()).totals.like === before + 3, "taps to be counted");
      expect((await page.evaluate(() => globalThis.stream.comment("from the page"))).status === "accepted", "the comment to be accepted");
      await sees("from the page");

      proxy.cut();
      await owner.comment(`while ${mode} was away`);
      await sees(`while ${mode} was away`);
      // Beyond the token's life.
      await new Promise(resolve => setTimeout(resolve, 7000));
      await owner.comment(`after the token of ${mode}`);
      await sees(`after the token of ${mode}`);
      expect((await page.evaluate(() => globalThis.stream.me())).user === `someone-${mode}`, "to be signed in still");
      expect(problems.length === 0, `no errors on the page, not ${problems.join("; ")}`);
      console.log(`${mode}: ${(await page.evaluate(() => globalThis.connections)).join(" ")}`);
      await page.evaluate(() => globalThis.stream.close());
      await until(() => page.evaluate(() => globalThis.stream.state.connection === "closed"), "to be closed");
      await owner.comment(`ended ${mode}`);
      await page.close();
      proxy.close();
    }

    // Nobody looks: the connection is let go of, and taken up where it was.
    const page = await (await browser.newContext()).newPage();
    await page.goto(service.address);
    await page.evaluate(async () => {
      const { InteractionsClient } = await import("/client/index.js");
      globalThis.stream = new InteractionsClient({ pauseWhenHidden: 50 }).stream("chromium");
      globalThis.stream.open();
      globalThis.look = visible => {
        Object.defineProperty(document, "visibilityState", { configurable: true, get: () => visible ? "visible" : "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
      };
    });
    const is = name => until(() => page.evaluate(name => globalThis.stream.state.connection === name, name), name);
    await is("live");
    await page.evaluate(() => globalThis.look(false));
    await is("paused");
    await owner.comment("unseen");
    await page.evaluate(() => globalThis.look(true));
    await is("live");
    await until(() => page.evaluate(() => globalThis.stream.state.comments.at(-1).text === "unseen"), "what came meanwhile");
  } finally {
    await browser.close();
  }
});
