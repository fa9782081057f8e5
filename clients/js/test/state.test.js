import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyState, fillIn, fold, news } from "../src/state.js";

const comment = (id, at = id) => ({ id: `c${id}`, user: "u", name: null, text: `text ${id}`, at, replyTo: null });
const snapshot = {
  stream: "s", position: "a.5", at: 50, status: "live", title: "T", owner: "o", startedAt: 3, settings: { reactions: ["like"], tap: true },
  totals: { like: 2 }, delta: {}, viewers: 7, comments: [comment(1), comment(2)], missed: 0, removed: [], pinned: comment(1),
  cues: [{ name: "goal", data: null, at: 4 }], polls: [{ id: "p", question: "?", choices: ["a", "b"], votes: [0, 0], open: true }],
  roster: { count: 1, joined: [{ user: "u", name: "U" }], left: [] },
};
const begun = fold(emptyState("s"), snapshot, true, 200);

test("A snapshot replaces everything", () => {
  const other = fold({ ...begun, connection: "live" }, { stream: "s", position: "b.1", at: 60, status: "created", totals: { wow: 1 }, comments: [], pinned: null, cues: [], polls: [], roster: null, viewers: 1 }, true, 200);
  assert.deepEqual(other.totals, { wow: 1 });
  assert.deepEqual([other.comments, other.pinned, other.cues, other.polls, other.roster, other.startedAt], [[], null, [], [], null, null]);
  assert.equal(other.connection, "live");
});

test("A frame changes what it speaks of, and the rest stays the same objects", () => {
  const next = fold(begun, { stream: "s", position: "a.6", at: 60, totals: { like: 5 }, delta: { like: 3 } }, false, 200);
  assert.deepEqual(next.totals, { like: 5 });
  assert.equal(next.position, "a.6");
  for (const part of ["comments", "pinned", "cues", "polls", "roster", "settings"]) assert.equal(next[part], begun[part]);
  assert.deepEqual(begun.totals, { like: 2 });
});

test("Comments are added and removed, a pin is taken off, people come and go, a poll changes in its place", () => {
  const next = fold(begun, {
    stream: "s", position: "a.7", at: 70, comments: [comment(3)], removed: ["c1"], pinned: null, viewers: 8,
    polls: [{ ...snapshot.polls[0], votes: [1, 0] }, { id: "q", question: "?", choices: ["x", "y"], votes: [0, 0], open: true }],
    roster: { count: 2, joined: [{ user: "v", name: null }, { user: "w", name: "W" }], left: ["u"] },
  }, false, 200);
  assert.deepEqual(next.comments.map(one => one.id), ["c2", "c3"]);
  assert.equal(next.pinned, null);
  assert.deepEqual(next.polls.map(poll => [poll.id, poll.votes[0]]), [["p", 1], ["q", 0]]);
  assert.deepEqual(next.roster.map(person => person.user), ["v", "w"]);
  assert.equal(fold(next, { position: "a.8", at: 80, roster: null }, false, 200).roster, null);
});

test("A ban is known until a frame lifts it, or a snapshot does not speak of it", () => {
  assert.equal(begun.ban, null);
  const banned = fold(begun, { position: "a.8", at: 80, ban: { until: 99 } }, false, 200);
  assert.deepEqual(banned.ban, { until: 99 });
  assert.equal(fold(banned, { position: "a.9", at: 81, viewers: 3 }, false, 200).ban, banned.ban);
  assert.equal(fold(banned, { position: "a.9", at: 81, ban: null }, false, 200).ban, null);
  assert.equal(fold(banned, snapshot, true, 200).ban, null);
  assert.deepEqual(fold(begun, { ...snapshot, ban: { until: null } }, true, 200).ban, { until: null });
});

test("No more comments and cues are kept than asked for", () => {
  let state = begun;
  for (let i = 3; i < 400; i++) state = fold(state, { position: `a.${i + 10}`, at: i, comments: [comment(i)], cues: [{ name: "x", data: i, at: i }] }, false, 20);
  assert.equal(state.comments.length, 20);
  assert.equal(state.comments.at(-1).id, "c399");
  assert.equal(state.cues.length, 50);
});

test("What a frame left out is filled in where it belongs", () => {
  const next = fold(begun, { position: "a.9", at: 90, comments: [comment(8), comment(9)], missed: 3 }, false, 200);
  const filled = fillIn(next, [comment(2), comment(5), comment(6), comment(7)], "c8", 200);
  assert.deepEqual(filled.comments.map(one => one.id), ["c1", "c2", "c5", "c6", "c7", "c8", "c9"]);
  assert.equal(fillIn(next, [comment(5)], "gone", 200), next);
});

test("Comments before a hole that is larger than what is kept are let go", () => {
  const next = fold(begun, { position: "a.9", at: 90, comments: [comment(8), comment(9)], missed: 18 }, false, 20);
  assert.deepEqual(next.comments.map(one => one.id), ["c8", "c9"]);
});

test("History is no news; after a snapshot only what came since is", () => {
  assert.deepEqual(news(emptyState("s"), snapshot, true), { comments: [], cues: [], reactions: [] });
  const later = { ...snapshot, comments: [comment(0), comment(2), comment(3)], cues: [...snapshot.cues, { name: "end", data: null, at: 9 }] };
  const fresh = news(begun, later, true);
  assert.deepEqual(fresh.comments.map(one => one.id), ["c3"]);
  assert.deepEqual(fresh.cues.map(cue => cue.name), ["end"]);
  assert.deepEqual(news(begun, { delta: { like: 3, wow: -1 } }, false).reactions, [{ kind: "like", count: 3 }]);
});
