import assert from "node:assert/strict";
import { test } from "node:test";
import { Crowd, delayMs, spreadMs } from "../src/backoff.js";
import { Clock, Sample } from "../src/clock.js";
import { hasPassed } from "../src/position.js";
import { SseParser } from "../src/sse-parser.js";
import { claims } from "../src/tokens.js";
import { Transports } from "../src/transports.js";

// A small generator with a seed, so that a failure can be seen again.
const seeded = seed => () => (seed = (seed * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;

const parsed = pieces => {
  const out = [];
  const parser = new SseParser({ event: event => out.push(event), retry: ms => out.push(ms) });
  for (const piece of pieces) parser.push(piece);
  return out;
};

test("An event stream is read the same however it is cut", () => {
  const stream = "\ufeffretry: 1500\r\n\r\n: hello\n\nevent: snapshot\nid: a.1\ndata: {\"x\":\ndata: 1}\n\revent:frame\rdata:two\r\r: x\r\n\r\nid: a.2\r\ndata: three\r\n\r\n";
  const whole = parsed([stream]);
  assert.deepEqual(whole, [
    1500,
    { type: "snapshot", data: "{\"x\":\n1}", id: "a.1" },
    { type: "frame", data: "two", id: "a.1" },
    { type: "message", data: "three", id: "a.2" },
  ]);
  assert.deepEqual(parsed([...stream]), whole);
  const random = seeded(3);
  for (let round = 0; round < 200; round++) {
    const pieces = [];
    for (let at = 0; at < stream.length;) {
      const length = Math.floor(random() * 7);
      pieces.push(stream.slice(at, at + length));
      at += length;
    }
    assert.deepEqual(parsed(pieces), whole);
  }
});

test("An event that was not finished is not one", () => assert.deepEqual(parsed(["data: x\n", "event: frame\n"]), []));

test("Five hundred who are cut together: no second has more than a fifth of them", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seeded(seed), seconds = new Map();
    for (let i = 0; i < 500; i++) {
      const second = Math.floor(delayMs(0, 500, 0, random) / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    assert.ok(Math.max(...seconds.values()) <= 100, `seed ${seed}: ${[...seconds.values()]}`);
  }
});

test("One alone is back within a little more than a second", () => assert.ok(delayMs(0, 1, 0, () => 0.999) < 1300));

test("The wait doubles, is 30 s at most, and comes on top of what the server asked for", () => {
  const most = () => 1;
  assert.equal(delayMs(1, 1, 0, most) - 200, 2 * (delayMs(0, 1, 0, most) - 200));
  assert.equal(delayMs(50, 1, 0, most), 30_000);
  assert.equal(delayMs(0, 1, 7000, () => 0), 7200);
  assert.equal(spreadMs(1_000_000), 8000);
});

test("The crowd is as large as it was in the last minute", () => {
  const crowd = new Crowd();
  crowd.seen(500, 1000);
  crowd.seen(3, 2000);
  assert.equal(crowd.size, 500);
  crowd.seen(3, 62_000);
  assert.equal(crowd.size, 3);
});

test("The clock is set by the ping with the shortest way of the last ten", () => {
  const clock = new Clock();
  assert.equal(clock.offsetMs, null);
  clock.answered(1000, 2000, 1100);
  assert.equal(clock.offsetMs, 950);
  clock.answered(5000, 6005, 5010);
  assert.equal(clock.offsetMs, 1000);
  clock.answered(9000, 9900, 9500);
  assert.equal(clock.offsetMs, 1000);
  clock.answered(9000, undefined, 9001);
  assert.equal(clock.offsetMs, 1000);
  for (let i = 0; i < 10; i++) clock.answered(0, 500, 100);
  assert.equal(clock.offsetMs, 450);
});

test("A sample is of 16 at most, and every value is as likely in it", () => {
  const sample = new Sample(seeded(1)), seen = new Array(100).fill(0);
  for (let round = 0; round < 5000; round++) {
    for (let value = 0; value < 100; value++) sample.add(value);
    const taken = sample.take();
    assert.equal(taken.length, 16);
    for (const value of taken) seen[value]++;
  }
  for (const count of seen) assert.ok(count > 650 && count < 950, `${count} of 5000, about 800 expected`);
  assert.deepEqual(sample.take(), []);
});

test("Positions of different epochs say nothing of each other", () => {
  assert.equal(hasPassed(null, "a.1"), false);
  assert.equal(hasPassed("a.10", "a.9"), true);
  assert.equal(hasPassed("a.9", "a.9"), true);
  assert.equal(hasPassed("a.9", "a.10"), false);
  assert.equal(hasPassed("b.9", "a.1"), null);
});

test("A token's claims are read without a key, and what is no token has none", () => {
  const token = `x.${Buffer.from(JSON.stringify({ sub: "ü", exp: 12 })).toString("base64url")}.y`;
  assert.equal(claims(token).expiresAt, 12_000);
  assert.deepEqual(claims("nothing"), { user: null, expiresAt: null });
});

test("Events take over where sockets do not get through, and sockets are tried again later", () => {
  const choice = new Transports("auto", true);
  assert.deepEqual(choice.plan(0, 0), ["websocket", "sse"]);
  choice.worked("sse", 0);
  assert.deepEqual(choice.plan(0, 1000), ["sse"]);
  assert.deepEqual(choice.plan(2, 1000), ["websocket", "sse"]);
  assert.deepEqual(choice.plan(0, 301_000), ["websocket", "sse"]);
  choice.worked("websocket", 301_000);
  assert.deepEqual(choice.plan(1, 302_000), ["websocket"]);
  assert.deepEqual(choice.plan(2, 302_000), ["websocket", "sse"]);
  assert.deepEqual(new Transports("auto", false).plan(0), ["sse"]);
  assert.deepEqual(new Transports("sse", true).plan(9), ["sse"]);
});

test("Who is on events looks for sockets later each time, and only where they worked before", () => {
  const choice = new Transports("auto", true);
  choice.worked("sse");
  assert.equal(choice.nextLookMs(), null);
  choice.worked("websocket");
  choice.worked("sse");
  const looks = [0, 1, 2].map(() => choice.nextLookMs());
  looks.forEach((ms, i) => assert.ok(ms >= 60_000 * 2 ** i && ms <= 120_000 * 2 ** i));
});
