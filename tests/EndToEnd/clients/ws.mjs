// The ws package: watches, sends, is answered; comes back with ?position= to one catch-up frame.
import WebSocket from "ws";
import { args, expect, Ledger, run, until } from "./expect.mjs";

const address = position => `${args.base.replace("http", "ws")}v1/streams/${args.stream}/socket?access_token=${args.token}${position ? `&position=${position}` : ""}`;

function watch(ledger, position) {
  const socket = new WebSocket(address(position), "interactions.v1.json");
  socket.others = [];
  socket.first = null;
  socket.on("message", data => {
    const message = JSON.parse(data.toString("utf8"));
    if (message.t !== "snapshot" && message.t !== "frame") return socket.others.push(message);
    socket.first ??= message.t;
    ledger.take(message, message.t === "snapshot");
  });
  return socket;
}

run(async () => {
  const ledger = new Ledger();
  const socket = watch(ledger);
  await until(() => ledger.snapshots === 1, "a snapshot");
  expect(socket.protocol === "interactions.v1.json", "the subprotocol to be agreed on");

  socket.send(JSON.stringify({ t: "send", ref: 7, items: [{ type: "reaction", kind: "like", count: 3 }, { type: "comment", text: "from ws – grüße 你好 👋" }] }));
  const ack = await until(() => socket.others.find(message => message.t === "ack"), "an ack");
  expect(ack.ref === 7 && ack.results.length === 2 && ack.results.every(result => result.status === "accepted"), `two accepted results, not ${JSON.stringify(ack)}`);
  await until(() => ledger.comments.get(ack.results[1].id)?.text === "from ws – grüße 你好 👋", "its own comment");
  await until(() => ledger.totals.like >= 3, "its own likes");

  socket.send(JSON.stringify({ t: "ping" }));
  await until(() => socket.others.find(message => message.t === "pong"), "a pong");

  const position = ledger.position;
  socket.terminate();
  const sender = watch(new Ledger());
  await until(() => sender.first, "the other socket's snapshot");
  for (let i = 0; i < 5; i++) sender.send(JSON.stringify({ t: "send", ref: i, items: [{ type: "reaction", kind: "like", count: 1 }, { type: "comment", text: `missed ${i}` }] }));
  await until(() => sender.others.filter(message => message.t === "ack").length === 5, "five acks");

  const back = watch(ledger, position);
  await until(() => [...ledger.comments.values()].filter(comment => comment.text.startsWith("missed ")).length === 5, "what was missed");
  expect(back.first === "frame" && ledger.snapshots === 1, "to go on without a snapshot");
  ledger.expectBalanced();
});
