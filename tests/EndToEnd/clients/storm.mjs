// The project's client through restarts of the service and cut connections at random, under load: nothing missed, nothing twice,
// and in the end the state that the service itself tells.
// node storm.mjs --restarts=50 --cuts=50 [--seconds=300] [--browser=yes] [--dll=PATH]
import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws";
import { InteractionsClient } from "../../../clients/js/src/index.js";
import { args, expect, run, until } from "./expect.mjs";
import { observe } from "./observer.mjs";
import { startService, tokenFor } from "./service.mjs";
import { openProxy } from "./tcp-proxy.mjs";

const restarts = Number(args.restarts ?? 50), cuts = Number(args.cuts ?? 50);
const seconds = Number(args.seconds ?? (restarts + cuts) * 3);
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
globalThis.WebSocket ??= WebSocket;

/** Comments every 100–300 ms and taps in between, through whatever happens. */
function sender(url, index, until) {
  const client = new InteractionsClient({ url, token: () => tokenFor(`sender-${index}`), transport: index % 2 ? "sse" : "websocket" });
  const stream = client.stream("storm");
  const said = { accepted: [], failed: [], taps: 0, rejectedTaps: 0, client };
  stream.on("rejected", () => { said.rejectedTaps++; });
  const waiting = new Set();
  said.done = (async () => {
    for (let i = 0; Date.now() < until; i++) {
      const sending = stream.comment(`comment ${i} of ${index}`).then(
        result => said.accepted.push(result.id ?? result.code), error => said.failed.push(error.code)).finally(() => waiting.delete(sending));
      waiting.add(sending);
      for (let taps = 0; taps < 3; taps++, said.taps++) stream.react("like");
      await pause(100 + Math.random() * 200);
    }
    await Promise.all(waiting);
  })();
  return said;
}

async function faults(service, proxy, end) {
  const plan = [...Array(restarts).fill("restart"), ...Array(cuts).fill("cut")].sort(() => Math.random() - 0.5);
  const every = (end - Date.now()) / plan.length;
  const done = { kill: 0, stop: 0, cut: 0, cutConnections: 0 };
  for (const what of plan) {
    const next = Date.now() + every * (0.5 + Math.random() * 0.5);
    if (what === "cut") {
      // Some, or all.
      done.cutConnections += proxy.cut(Math.random() < 0.5 ? Infinity : Math.ceil(Math.random() * proxy.count()));
      done.cut++;
    } else {
      const kill = Math.random() < 0.5;
      done[kill ? "kill" : "stop"]++;
      await service.stop(kill ? "SIGKILL" : "SIGTERM");
      await service.start();
    }
    await pause(Math.max(0, next - Date.now()));
  }
  return done;
}

/** Of a state and of the service's snapshot: what has to be the same. */
const told = state => ({
  position: state.position, status: state.status, title: state.title, owner: state.owner, startedAt: state.startedAt ?? null, endedAt: state.endedAt ?? null,
  settings: state.settings, totals: state.totals, viewers: state.viewers, comments: state.comments.slice(-50), pinned: state.pinned, cues: state.cues,
  polls: state.polls, roster: (state.roster?.joined ?? state.roster)?.map(person => person.user).sort() ?? null,
});

async function openBrowser(url) {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: args.chromium ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${url}healthz`);
  return { browser, page };
}

run(async () => {
  const service = await startService(args.dll);
  const proxy = await openProxy(service.address);
  const owner = new InteractionsClient({ url: service.address, token: tokenFor("owner", "broadcaster"), transport: "sse" }).stream("storm");
  await owner.configure({ title: "The storm", reactions: ["like", "wow"] });
  await owner.start();

  const inside = [];
  for (const transport of ["websocket", "sse", "auto"]) {
    const name = `node-${transport}`;
    await observe(name, { module: "../../../clients/js/src/index.js", url: proxy.address, token: tokenFor(name), transport, stream: "storm" });
    inside.push({ name, look: async () => ({ state: globalThis.observers[name].stream.state, account: globalThis.observers[name].account }) });
  }
  const web = args.browser ? await openBrowser(proxy.address) : null;
  for (const transport of web ? ["websocket", "sse"] : []) {
    const name = `chromium-${transport}`;
    await web.page.evaluate(`(${observe})(${JSON.stringify(name)}, ${JSON.stringify({ module: "/client/index.js", url: proxy.address, token: tokenFor(name), transport, stream: "storm" })})`);
    inside.push({ name, look: () => web.page.evaluate(name => ({ state: globalThis.observers[name].stream.state, account: globalThis.observers[name].account }), name) });
  }
  for (const { name, look } of inside) await until(async () => (await look()).state.connection === "live", `${name} live`);

  const end = Date.now() + seconds * 1000;
  const senders = [0, 1, 2, 3].map(index => sender(proxy.address, index, end));
  const done = await faults(service, proxy, end);
  await Promise.all(senders.map(said => said.done));

  // Everyone back, and a last word that everyone hears.
  for (const { name, look } of inside) await until(async () => (await look()).state.connection === "live", `${name} live in the end`, 60_000);
  await owner.cue("over");
  await owner.poll({ id: "p", question: "Over?", choices: ["yes", "no"] });
  for (const said of senders) said.client.close();
  const accepted = senders.flatMap(said => said.accepted), failed = senders.flatMap(said => said.failed);
  const taps = senders.reduce((sum, said) => sum + said.taps, 0);

  for (const { name, look } of inside) {
    let differs = "";
    await until(async () => {
      const snapshot = told(await owner.get()), { state } = await look(), mine = told(state);
      // A frame that changes nothing is not sent, so a viewer may stand a little before the head.
      mine.position = snapshot.position;
      differs = Object.keys(snapshot).filter(part => !isDeepStrictEqual(snapshot[part], mine[part])).map(part => `${part}: ${JSON.stringify(mine[part])?.slice(0, 300)} for ${JSON.stringify(snapshot[part])?.slice(0, 300)}`).join("\n");
      return differs === "";
    }, `${name} to be told what the service says`, 30_000).catch(error => { throw new Error(`${error.message}\n${differs}`); });
    const { state, account } = await look();
    await until(async () => (await look()).account.comments.length >= accepted.length, `${name}: ${accepted.length} comments, not ${account.comments.length}`, 15_000).catch(() => { });
    const seen = (await look()).account.comments, once = new Set(seen);
    const missed = accepted.filter(id => !once.has(id)), unasked = [...once].filter(id => !accepted.includes(id));
    console.log(`${name}: ${account.connections} connections (${account.transports}), ${account.snapshots} snapshots, ${account.frames} frames, ${seen.length} comments of ${accepted.length} accepted, ${account.missed} of them filled in; missed ${missed.length}, twice ${seen.length - once.size}, total ${state.totals.like}`);
    expect(account.wrong.length === 0, `deltas that add up: ${account.wrong.slice(0, 3)}`);
    expect(missed.length === 0, `${name} to have missed nothing, not ${missed.length}`);
    expect(seen.length === once.size, `${name} to have seen nothing twice, not ${seen.length - once.size}`);
    expect(unasked.length <= failed.length, `${name}: comments of nobody: ${unasked.length}`);
  }
  const total = (await owner.get()).totals.like;
  console.log(JSON.stringify({ ...done, seconds, comments: accepted.length, failed: failed.length, taps, counted: total, notCounted: taps - total, tapsRejected: senders.reduce((sum, said) => sum + said.rejectedTaps, 0) }));
  expect(total <= taps, `no more taps counted (${total}) than were made (${taps})`);
  expect(done.kill + done.stop === restarts && done.cut === cuts, "all restarts and cuts");
  await web?.browser.close();
});
