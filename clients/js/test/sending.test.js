import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Outbox } from "../src/outbox.js";
import { Switches } from "../src/switches.js";
import { Taps } from "../src/taps.js";

const accepted = position => ({ status: "accepted", id: `${position}.0`, position });
const lost = { failed: { code: "unreachable" }, unknown: true };
const settled = () => new Promise(resolve => setImmediate(resolve));

function setUp(Kind) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const world = { messages: [], refusals: [], place: "a.1", totals: 0 };
  world.part = new Kind({
    deliver: items => new Promise(answer => world.messages.push({ items, answer })),
    place: () => world.place,
    changed: () => { },
    rejected: refusal => world.refusals.push(refusal),
  });
  world.part.begun();
  world.shown = () => world.totals + (world.part.pending().get("like") ?? 0);
  world.frame = (position, like) => { world.place = position; world.totals += like; world.part.counted({ like }, false); };
  world.answer = async (index, outcome) => { world.messages[index].answer(outcome); await settled(); };
  return world;
}

const inTime = (name, body) => test(name, async () => { try { await body(); } finally { mock.timers.reset(); } });

inTime("A hundred taps are one message, and what comes within 100 ms is the next", async () => {
  const world = setUp(Taps);
  for (let i = 0; i < 250; i++) world.part.add("like", 1);
  mock.timers.tick(1);
  assert.deepEqual(world.messages[0].items.map(item => item.count), [100, 100, 50]);
  world.part.add("like", 1);
  mock.timers.tick(98);
  world.part.add("wow", 2);
  assert.equal(world.messages.length, 1);
  mock.timers.tick(2);
  assert.deepEqual(world.messages[1].items, [{ type: "reaction", kind: "like", count: 1 }, { type: "reaction", kind: "wow", count: 2 }]);
});

inTime("What is shown never falls and never counts a tap twice, whichever comes first, frame or answer", async () => {
  for (const answerFirst of [true, false]) {
    const world = setUp(Taps);
    world.part.add("like", 3);
    assert.equal(world.shown(), 3);
    mock.timers.tick(1);
    assert.equal(world.shown(), 3);
    if (answerFirst) await world.answer(0, { results: [accepted("a.2")] });
    assert.equal(world.shown(), 3);
    world.frame("a.2", 3);
    assert.equal(world.shown(), 3);
    if (!answerFirst) await world.answer(0, { results: [accepted("a.2")] });
    assert.equal(world.shown(), 3);
    world.frame("a.3", 4);
    assert.equal(world.shown(), 7);
    mock.timers.reset();
  }
});

inTime("Another's taps that came before the answer are shown once it is known that they were not one's own", async () => {
  const world = setUp(Taps);
  world.part.add("like", 3);
  mock.timers.tick(1);
  world.frame("a.2", 2);
  assert.equal(world.shown(), 3);
  await world.answer(0, { results: [accepted("a.3")] });
  assert.equal(world.shown(), 5);
  world.frame("a.3", 3);
  assert.equal(world.shown(), 5);
});

inTime("A refused tap is taken back and said", async () => {
  const world = setUp(Taps);
  world.part.add("like", 2);
  mock.timers.tick(1);
  await world.answer(0, { results: [{ status: "rejected", code: "rate_limited", retryAfterMs: 50 }] });
  assert.equal(world.shown(), 0);
  assert.deepEqual(world.refusals, [{ code: "rate_limited", retryAfterMs: 50 }]);
});

inTime("A tap whose answer was lost is not sent again, and shown until a frame tells", async () => {
  const world = setUp(Taps);
  world.part.add("like", 2);
  mock.timers.tick(1);
  world.part.ended();
  await world.answer(0, lost);
  assert.equal(world.shown(), 2);
  world.frame("a.2", 2);
  assert.equal(world.shown(), 2);
  world.part.begun();
  mock.timers.tick(1000);
  assert.equal(world.messages.length, 1);
  assert.equal(world.shown(), 2);
});

inTime("Taps wait for a connection, though not for longer than 30 s", async () => {
  const world = setUp(Taps);
  world.part.ended();
  world.part.add("like", 2);
  mock.timers.tick(10_000);
  assert.equal(world.messages.length, 0);
  world.part.begun();
  mock.timers.tick(1);
  assert.equal(world.messages.length, 1);
  world.part.ended();
  world.part.add("like", 1);
  mock.timers.tick(31_000);
  world.part.begun();
  mock.timers.tick(1000);
  assert.equal(world.messages.length, 1);
  assert.deepEqual(world.refusals, [{ code: "unreachable" }]);
});

inTime("Of wishes on a stream without taps the last one is sent, and again until it is answered", async () => {
  const world = setUp(Switches);
  world.part.set("like", 1);
  world.part.set("like", 0);
  world.part.set("like", 1);
  mock.timers.tick(100);
  assert.deepEqual(world.messages.map(message => message.items), [[{ type: "reaction", kind: "like", count: 1 }]]);
  await world.answer(0, lost);
  mock.timers.tick(1000);
  assert.equal(world.messages.length, 2);
  await world.answer(1, { results: [accepted("a.2")] });
  world.frame("a.2", 1);
  world.part.set("like", 0);
  assert.equal(world.shown(), 0);
  mock.timers.tick(100);
  await world.answer(2, { results: [accepted("a.3")] });
  assert.equal(world.shown(), 0);
  world.frame("a.3", -1);
  assert.equal(world.shown(), 0);
});

function outbox() {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const messages = [];
  const box = new Outbox(items => new Promise(answer => messages.push({ items, answer })));
  return { messages, box, answer: async (index, outcome) => { messages[index].answer(outcome); await settled(); } };
}

inTime("A message whose answer was lost is sent again with the same key", async () => {
  const { messages, box, answer } = outbox();
  const result = box.send([{ type: "comment", text: "x", key: "k" }]);
  assert.equal(messages.length, 0);
  box.begun();
  box.ended();
  await answer(0, lost);
  box.begun();
  assert.deepEqual(messages.map(message => message.items[0].key), ["k", "k"]);
  await answer(1, { results: [accepted("a.2")] });
  assert.deepEqual(await result, [accepted("a.2")]);
  assert.ok(box.isEmpty);
});

inTime("What was over the rate goes again when it may; slow mode is the caller's to know", async () => {
  const { messages, box, answer } = outbox();
  box.begun();
  const result = box.send([{ key: "a" }, { key: "b" }, { key: "c" }]);
  const slow = { status: "rejected", code: "slow_mode", retryAfterMs: 900 };
  await answer(0, { results: [accepted("a.2"), { status: "rejected", code: "rate_limited", retryAfterMs: 2000 }, slow] });
  mock.timers.tick(1999);
  assert.equal(messages.length, 1);
  mock.timers.tick(1002);
  assert.deepEqual(messages[1].items, [{ key: "b" }]);
  await answer(1, { results: [accepted("a.3")] });
  assert.deepEqual(await result, [accepted("a.2"), accepted("a.3"), slow]);
});

inTime("After 30 s without an answer the caller is told", async () => {
  const { box } = outbox();
  const result = box.send([{ key: "a" }]);
  mock.timers.tick(30_000);
  await assert.rejects(result, { name: "ServiceError", code: "unreachable" });
  assert.ok(box.isEmpty);
});

inTime("What is refused as a whole is not sent again", async () => {
  const { messages, box, answer } = outbox();
  box.begun();
  const result = box.send([{ key: "a" }]);
  const refused = assert.rejects(result, { code: "bad_request" });
  await answer(0, { failed: { code: "bad_request", detail: "no" }, unknown: false });
  await refused;
  assert.equal(messages.length, 1);
});
