import assert from "node:assert/strict";
import { test } from "node:test";
import { Gaps } from "../src/gaps.js";
import { emptyState } from "../src/state.js";

const comment = id => ({ id: `c${id}`, user: "u", name: null, text: "", at: id, replyTo: null });
const history = Array.from({ length: 1500 }, (_, id) => comment(id));
const between = (from, to) => history.slice(from, to);
const comments = asked => async ({ before, limit }) => {
  asked.push(limit);
  const end = history.findIndex(one => one.id === before);
  return history.slice(Math.max(0, end - limit), end);
};
const at = (...ids) => ({ ...emptyState("s"), position: "a.1", at: 5, comments: ids.map(comment) });
const ids = list => list.map(one => one.id);

test("What a frame says it left out is fetched, no more, page by page", async () => {
  const asked = [], gaps = new Gaps({ comments: comments(asked), keep: 2000, isOver: () => false });
  assert.deepEqual(ids(await gaps.find(at(100), { comments: between(801, 851), missed: 700 }, false)), ids(between(101, 801)));
  assert.deepEqual(asked, [500, 200]);
  assert.deepEqual(await gaps.find(at(100), { comments: between(101, 110) }, false), []);
  assert.deepEqual(await gaps.find(at(100), { totals: { like: 1 } }, false), []);
});

test("No more is fetched than is kept", async () => {
  const gaps = new Gaps({ comments: comments([]), keep: 200, isOver: () => false });
  assert.deepEqual(ids(await gaps.find(at(100), { comments: between(801, 851), missed: 700 }, false)), ids(between(651, 801)));
});

test("Before a snapshot is fetched what came after the last one that was seen", async () => {
  const gaps = new Gaps({ comments: comments([]), keep: 2000, isOver: () => false });
  assert.deepEqual(ids(await gaps.find(at(99, 100), { comments: between(700, 750) }, true)), ids(between(101, 700)));
  assert.deepEqual(await gaps.find(at(99, 100), { comments: between(90, 140) }, true), []);
  assert.deepEqual(await gaps.find(emptyState("s"), { comments: between(700, 750) }, true), []);
});

test("A comment that is deleted while it is fetched does not come back", async () => {
  let answer;
  const gaps = new Gaps({ comments: () => new Promise(resolve => { answer = resolve; }), keep: 200, isOver: () => false });
  const found = gaps.find(at(1), { comments: between(4, 6), missed: 2 }, false);
  gaps.removed(["c2"]);
  answer(between(2, 4));
  assert.deepEqual(ids(await found), ["c3"]);
});
