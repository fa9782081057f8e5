// How smooth the page stays: a stream gets 1,000 reactions and 20 comments a second through the real service, and a page
// in Chromium shows it. Every second: frames (requestAnimationFrame); at the start and the end, after a collection:
// JavaScript heap, DOM nodes, listeners (DevTools protocol).
//
//   node loadtests/page/smoothness.mjs --url=http://127.0.0.1:5080/ --seconds=300
//     [--reactions=1000] [--comments=20] [--senders=20] [--chromium=/usr/bin/chromium] [--headed=1]
//
// Needs a service with Auth:Dev, and `npm ci` in tests/EndToEnd/clients (playwright-core and ws are taken from there).
// The last line is one JSON object. The load is open-loop: it does not wait for answers. Exit code 1 when half of the
// seconds' frame rates are below 50, or the heap grew by more than half.
import { createRequire } from "node:module";
import { loadavg } from "node:os";

const require = createRequire(new URL("../../tests/EndToEnd/clients/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const WebSocket = require("ws");

const given = Object.fromEntries(process.argv.slice(2).map(text => /^--([a-z]+)=(.*)$/s.exec(text)?.slice(1) ?? [text, ""]));
const options = { url: "http://127.0.0.1:5080/", seconds: 300, reactions: 1000, comments: 20, senders: 20, chromium: "/usr/bin/chromium", ...given };
for (const name of ["seconds", "reactions", "comments", "senders"]) options[name] = Number(options[name]);
const stream = `smooth-${Date.now().toString(36)}`;
const warmUpSeconds = 15; // until the comments' rows and the pools are full
const kinds = ["like", "laugh", "wow", "fire", "clap"];
const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

async function token(sub, role) {
  const answer = await fetch(new URL("v1/dev/tokens", options.url), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ sub, name: sub, role }) });
  if (!answer.ok) throw new Error(`No token: ${answer.status}`);
  return (await answer.json()).token;
}

async function prepare() {
  const authorization = `Bearer ${await token("smooth-owner", "broadcaster")}`;
  for (const [method, path, body] of [["PUT", "", { title: "How smooth is it?", reactions: kinds }], ["POST", "/start", undefined]]) {
    const answer = await fetch(new URL(`v1/streams/${stream}${path}`, options.url), { method, headers: { authorization, "content-type": "application/json" }, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  }
}

/** Sockets that send on a schedule; what was due and could not be sent yet is sent later, not left out. */
class Load {
  #sockets = []; #timer; #started = 0; #reactions = 0; #comments = 0; #ref = 0;
  accepted = 0; rejected = {};

  async start() {
    for (let i = 0; i < options.senders; i++) {
      const address = new URL(`v1/streams/${stream}/socket?access_token=${await token(`smooth-${i}`, "viewer")}`, options.url);
      address.protocol = "ws:";
      const socket = new WebSocket(address, "interactions.v1.json");
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      socket.on("message", data => this.#received(data));
      this.#sockets.push(socket);
    }
    this.#started = performance.now();
    this.#timer = setInterval(() => this.#send(), 20);
  }

  stop() {
    clearInterval(this.#timer);
    const seconds = (performance.now() - this.#started) / 1000;
    for (const socket of this.#sockets) socket.close();
    return { reactionsPerSecond: Math.round(this.#reactions / seconds), commentsPerSecond: Number((this.#comments / seconds).toFixed(1)), rejected: this.rejected };
  }

  #send() {
    const seconds = (performance.now() - this.#started) / 1000;
    // As people's clients do: taps of a tenth of a second travel together.
    while (this.#reactions < seconds * options.reactions) {
      const count = Math.max(1, Math.round(options.reactions / options.senders / 10));
      this.#one({ type: "reaction", kind: kinds[this.#ref % kinds.length], count });
      this.#reactions += count;
    }
    while (this.#comments < seconds * options.comments) this.#one({ type: "comment", text: `Comment ${++this.#comments}: ${"what a moment ".repeat(1 + (this.#comments % 4))}`, key: `k-${this.#comments}` });
  }

  #one(item) {
    const ref = ++this.#ref;
    this.#sockets[ref % this.#sockets.length].send(JSON.stringify({ t: "send", ref, items: [item] }));
  }

  #received(data) {
    if (!data.subarray(0, 12).toString().includes('"ack"')) return;
    for (const { status, code } of JSON.parse(data).results) {
      if (status === "accepted") this.accepted++;
      else this.rejected[code] = (this.rejected[code] ?? 0) + 1;
    }
  }
}

async function memory(protocol) {
  await protocol.send("HeapProfiler.collectGarbage");
  const { metrics } = await protocol.send("Performance.getMetrics");
  const of = name => metrics.find(metric => metric.name === name).value;
  return { heapMB: Number((of("JSHeapUsedSize") / 1048576).toFixed(2)), nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

/** Where the page's main thread spends its time, in seconds so far. */
async function mainThread(protocol) {
  const { metrics } = await protocol.send("Performance.getMetrics");
  return Object.fromEntries(["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"].map(name => [name, metrics.find(metric => metric.name === name).value]));
}

/** CPU seconds that the browser's processes have used, by type: what the page costs, however busy the machine is. */
async function processorSeconds(protocol) {
  const { processInfo } = await protocol.send("SystemInfo.getProcessInfo");
  const sum = {};
  for (const { type, cpuTime } of processInfo) sum[type] = (sum[type] ?? 0) + cpuTime;
  return sum;
}

await prepare();
const browser = await chromium.launch({ executablePath: options.chromium, headless: !options.headed, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const load = new Load();
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const problems = [];
  page.on("pageerror", error => problems.push(String(error)));
  page.on("console", message => { if (message.type() === "error") problems.push(message.text()); });
  await page.goto(new URL(`#/s/${stream}`, options.url).href);
  await page.waitForSelector("#status.live");
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("Performance.enable");
  await load.start();
  await wait(warmUpSeconds * 1000);

  const system = await browser.newBrowserCDPSession();
  const before = await memory(protocol);
  const threadBefore = await mainThread(protocol);
  const cpuBefore = await processorSeconds(system);
  await page.evaluate(() => {
    window.frames_ = [];
    let since = performance.now(), count = 0;
    const tick = now => {
      count++;
      if (now - since >= 1000) {
        window.frames_.push((count * 1000) / (now - since));
        since = now;
        count = 0;
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const loads = [];
  for (let second = 0; second < options.seconds; second++) {
    await wait(1000);
    loads.push(loadavg()[0]);
    if (second % 30 === 29) console.error(`${second + 1} s, load ${loadavg()[0].toFixed(1)}`);
  }
  const frames = (await page.evaluate(() => window.frames_)).sort((a, b) => a - b);
  const cpuAfter = await processorSeconds(system);
  const cpu = Object.fromEntries(Object.entries(cpuAfter).map(([type, seconds]) => [type, Number(((seconds - (cpuBefore[type] ?? 0)) / options.seconds).toFixed(2))]));
  const threadAfter = await mainThread(protocol);
  const thread = Object.fromEntries(Object.entries(threadAfter).map(([name, seconds]) => [name, Number(((seconds - threadBefore[name]) / options.seconds).toFixed(3))]));
  const rows = await page.evaluate(() => document.querySelectorAll("#comments .comment").length);
  const after = await memory(protocol);
  const sent = load.stop();
  const at = share => Number(frames[Math.floor((frames.length - 1) * share)].toFixed(1));
  const result = {
    seconds: options.seconds, ...sent, fps: { min: at(0), p5: at(0.05), median: at(0.5) }, secondsBelow50: frames.filter(fps => fps < 50).length,
    before, after, rows, cores: cpu, mainThread: thread, loadAverage: { mean: Number((loads.reduce((sum, value) => sum + value, 0) / loads.length).toFixed(1)), max: Number(Math.max(...loads).toFixed(1)) }, problems,
  };
  console.log(JSON.stringify(result));
  process.exitCode = result.fps.median < 50 || after.heapMB > before.heapMB * 1.5 ? 1 : 0;
} finally {
  await browser.close();
}
process.exit();
