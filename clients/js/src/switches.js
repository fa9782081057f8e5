import { hasPassed } from "./position.js";

const EveryMs = 100;
const AgainMs = 1000;

/** Reactions of a stream without taps: on or off for this user. The last wish counts, so it may be sent again until it is answered. */
export class Switches {
  #deliver; #changed; #rejected; #place; #kinds = new Map(); #timer = null; #live = false;

  constructor({ deliver, place, changed, rejected }) {
    this.#deliver = deliver;
    this.#place = place;
    this.#changed = changed;
    this.#rejected = rejected;
  }

  set(kind, on) {
    const before = this.#kinds.get(kind);
    // `was`: what the server last said it is; undefined until it did, and then nothing is shown ahead of it.
    this.#kinds.set(kind, { want: on, was: before?.was, sent: false, counted: false, position: null });
    this.#changed();
    this.#plan(EveryMs);
  }

  /** By kind: by how much the totals will change. */
  pending() {
    const sum = new Map();
    for (const [kind, one] of this.#kinds) {
      if (one.was !== undefined && one.was !== one.want && !one.counted) sum.set(kind, one.want - one.was);
    }
    return sum;
  }

  begun() {
    this.#live = true;
    this.#plan(0);
  }

  ended() {
    this.#live = false;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  counted(changes) {
    for (const [kind, one] of this.#kinds) {
      if (one.sent && one.was !== undefined && Math.sign(changes[kind] ?? 0) === Math.sign(one.want - one.was)) one.counted = true;
      if (one.position !== null && hasPassed(this.#place(), one.position) !== false) this.#settled(one);
    }
  }

  #plan(wait) {
    if (!this.#live || this.#timer !== null) return;
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush() {
    this.#timer = null;
    const due = [...this.#kinds].filter(([, one]) => !one.sent).slice(0, 100);
    if (due.length === 0) return;
    for (const [, one] of due) one.sent = true;
    this.#deliver(due.map(([kind, one]) => ({ type: "reaction", kind, count: one.want })))
      .then(outcome => this.#answered(due, outcome));
  }

  #answered(due, { results, failed, unknown }) {
    let again = null;
    due.forEach(([kind, one], index) => {
      if (this.#kinds.get(kind) !== one) {
        // Another wish came since; what this one became is what that one starts from.
        if (results?.[index]?.status === "accepted" && this.#kinds.has(kind)) this.#kinds.get(kind).was = one.want;
        return;
      }
      const result = results?.[index] ?? failed;
      if (result.status === "accepted") {
        one.position = result.position;
        if (hasPassed(this.#place(), result.position) || one.was === undefined) this.#settled(one);
      } else if (unknown || result.code === "rate_limited") {
        one.sent = one.counted = false;
        again = Math.max(again ?? AgainMs, result.retryAfterMs ?? 0);
      } else {
        one.want = one.was ?? 0;
        if (one.was === undefined) this.#kinds.delete(kind);
        const { code, retryAfterMs } = result;
        this.#rejected(retryAfterMs ? { code, retryAfterMs } : { code });
      }
    });
    this.#changed();
    if (again !== null) this.#plan(again);
  }

  #settled(one) {
    one.was = one.want;
    one.position = null;
    one.counted = false;
  }
}
