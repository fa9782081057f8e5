// The project's client where the network is not as it should be, and where tokens end. Each scenario has a proxy of its own.
import WebSocket from "ws";
import { InteractionsClient, ServiceError } from "../../../clients/js/src/index.js";
import { args, expect, run, until } from "./expect.mjs";
import { startService, tokenFor } from "./service.mjs";
import { openProxy } from "./tcp-proxy.mjs";

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

const scenarios = {
  async "A proxy that refuses WebSockets: events and POST"({ watch, say }) {
    const { stream, proxy } = await watch("refuse-upgrade");
    await until(() => stream.state.transport === "sse", "events");
    stream.react("like", 2);
    expect((await stream.comment("over POST")).status === "accepted", "the comment to be accepted");
    await until(() => stream.state.totals.like === 2 && stream.state.shown.like === 2 && stream.state.comments.length === 1, "its own taps and comment");
    proxy.cut();
    await say("while away");
    await until(() => stream.state.comments.at(-1)?.text === "while away", "what it missed");
    expect(stream.state.transport === "sse", "the way that worked to be tried first");
  },

  async "A proxy that lets WebSockets open and nothing through them: events"({ watch }) {
    const since = Date.now();
    const { stream } = await watch("silent-upgrade");
    await until(() => stream.state.transport === "sse", "events");
    expect(Date.now() - since < 12_000, "to find out within 12 s");
  },

  async "A proxy that refuses WebSockets and holds events back: the problem is said, and over when it is over"({ watch }) {
    const { stream, proxy } = await watch("buffer");
    await until(() => stream.state.problem?.code === "silent", "a problem");
    expect(stream.state.connection === "reconnecting" && stream.state.retryAt > Date.now() - 1000, "to try again");
    proxy.mode = "pass";
    await until(() => stream.state.connection === "live" && stream.state.problem === null, "to be live");
  },

  async "A proxy that forgets idle connections: noticed, and nothing missed"({ watch, say }) {
    const { stream, proxy } = await watch("pass");
    await until(() => stream.state.connection === "live", "to be live");
    proxy.drop();
    const since = Date.now();
    await say("into the void");
    const sent = stream.comment("from the void");
    await until(() => stream.state.comments.some(comment => comment.text === "into the void"), "what it missed", 25_000);
    expect(Date.now() - since < 20_000, "to notice within 20 s");
    expect((await sent).status === "accepted", "its comment to be accepted after all");
    await until(() => stream.state.comments.filter(comment => comment.text === "from the void").length === 1, "its comment, once");
  },

  async "A service that is not there yet: found when it is"({ create }) {
    const proxy = await openProxy("http://127.0.0.1:1/");
    const { stream } = create(proxy);
    stream.open();
    await until(() => stream.state.connection === "reconnecting" && stream.state.retryAt !== null, "a second attempt to be planned");
    await until(() => proxy.accepted.length > 2, "more attempts");
    expect(stream.state.problem === null, "no problem but the waiting");
  },

  async "A token that ends is renewed in the open WebSocket"({ watch }) {
    let asked = 0;
    const { stream, proxy } = await watch("pass", { token: () => { asked++; return tokenFor("short", "viewer", 4); } });
    await until(() => stream.state.connection === "live", "to be live");
    await pause(10_000);
    expect(asked >= 3, `a token to be asked for thrice, not ${asked} times`);
    expect(proxy.accepted.length === 1, `one connection, not ${proxy.accepted.length}`);
    expect((await stream.comment("still signed in")).status === "accepted", "the comment to be accepted");
  },

  async "A token that ends: events go on with the next one"({ watch, say }) {
    const { stream } = await watch("pass", { token: () => tokenFor("brief", "viewer", 4), transport: "sse" });
    await until(() => stream.state.connection === "live", "to be live");
    await pause(6000);
    await say("after the token");
    await until(() => stream.state.connection === "live" && stream.state.comments.length === 1, "to go on");
    expect((await stream.me()).user === "brief", "to be still signed in");
  },

  async "A refused token is asked for once more; one that is refused again closes the stream with a problem"({ watch }) {
    for (const transport of ["websocket", "sse"]) {
      const old = tokenFor("late", "viewer", -60);
      let asked = 0;
      const good = await watch("pass", { transport, token: () => asked++ === 0 ? old.replace(/\.[^.]*$/, ".wrong") : tokenFor("late") });
      await until(() => good.stream.state.connection === "live", `${transport} to be live with the second token`);
      for (const token of [() => tokenFor("late").slice(0, -3), tokenFor("late").slice(0, -3)]) {
        const { client, stream } = await watch("pass", { transport, token });
        const unsent = stream.comment("never").catch(error => error);
        await until(() => stream.state.connection === "closed", `${transport} to be closed`);
        expect(stream.state.problem.code === "unauthorized", `unauthorized, not ${stream.state.problem.code}`);
        const error = await unsent;
        expect(error instanceof ServiceError && error.code === "unauthorized", `the comment to be refused, not ${error}`);
        client.setToken(tokenFor("late"));
        if (typeof token === "string") await until(() => stream.state.connection === "live", `${transport} to be live with a new token`);
      }
    }
  },

  async "A stream that is not there closes with a problem, and opens when it is"({ create, owner, proxy }) {
    for (const transport of ["websocket", "sse"]) {
      const { stream, id } = create(await proxy("pass"), { transport });
      stream.open();
      await until(() => stream.state.connection === "closed", "to be closed");
      expect(stream.state.problem.code === "not_found", `not_found, not ${stream.state.problem.code}`);
      await owner.stream(id).configure({});
      stream.open();
      await until(() => stream.state.connection === "live", "to be live");
      await owner.stream(id).remove();
      await until(() => stream.state.problem?.code === "not_found", "to be told that it is gone", 25_000);
    }
  },

  async "A stream without taps: on, off, and nothing counted twice"({ watch }) {
    const { stream } = await watch("pass", {}, { tap: false });
    await until(() => stream.state.connection === "live", "to be live");
    for (const [count, total] of [[1, 1], [1, 1], [0, 0], [1, 1]]) {
      stream.react("like", count);
      await until(() => stream.state.totals.like === total && stream.state.shown.like === total, `a total of ${total}`);
    }
    expect((await stream.me()).reactions.join() === "like", "to be on");
  },

  async "The server's clock is known, and how long frames took is reported"({ watch, say, metric }) {
    for (const transport of ["websocket", "sse"]) {
      const { client, stream } = await watch("pass", { transport });
      await until(() => client.clockOffsetMs !== null, `${transport}: the clock`);
      expect(Math.abs(client.clockOffsetMs) < 500, `${transport}: one clock on one machine, not ${client.clockOffsetMs} ms apart`);
      await say("one");
      await say("two");
      await until(() => stream.state.comments.length === 2, "both");
      await until(() => metric("interactions_delivery_latency_seconds_count", transport), `${transport}: a report with the next ping`, 20_000);
    }
  },

  async "What handlers throw does not stop the client, and a state that did not change is the same"({ watch, say }) {
    const { stream } = await watch("pass");
    const log = console.error;
    let thrown = 0;
    console.error = () => { thrown++; };
    try {
      stream.on("comment", () => { throw new Error("mine"); });
      stream.subscribe(() => { throw new Error("mine"); });
      await until(() => stream.state.connection === "live", "to be live");
      await say("hello");
      await until(() => stream.state.comments.length === 1 && thrown >= 2, "the comment and what was thrown");
      const before = stream.state;
      stream.subscribe(() => { });
      expect(stream.state === before && Object.isFrozen(before), "the same state while nothing changes");
      stream.close();
    } finally {
      console.error = log;
    }
  },
};

run(async () => {
  const service = await startService(args.dll);
  const owner = new InteractionsClient({ url: service.address, token: () => tokenFor("owner", "broadcaster"), WebSocket });
  const failures = [];
  let next = 0;
  await Promise.all(Object.entries(scenarios).map(async ([name, scenario]) => {
    const own = `network-${next++}`;
    let made = 0, spoken = own;
    const proxy = mode => openProxy(service.address, mode);
    const create = (proxy, options) => {
      const client = new InteractionsClient({ url: proxy.address, token: tokenFor(own), WebSocket, ...options });
      const id = `${own}-${made++}`;
      return { client, proxy, id, stream: client.stream(id) };
    };
    const watch = async (mode, options, settings = {}) => {
      const one = create(await proxy(mode), options);
      spoken = one.id;
      await owner.stream(one.id).configure({ reactions: ["like"], ...settings });
      await owner.stream(one.id).start();
      one.stream.open();
      return one;
    };
    const metric = async (name, transport) => {
      const text = await (await fetch(`${service.address}metrics`)).text();
      return text.split("\n").some(line => line.startsWith(name) && line.includes(`transport="${transport}"`) && Number(line.split(" ")[1]) > 0);
    };
    const say = text => owner.stream(spoken).comment(text);
    const since = Date.now();
    try {
      await scenario({ watch, say, create, owner, proxy, metric });
      console.log(`held: ${name} (${Date.now() - since} ms)`);
    } catch (error) {
      failures.push(`${name}: ${error.stack}`);
    }
  }));
  if (failures.length > 0) throw new Error(failures.join("\n"));
});
