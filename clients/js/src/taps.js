import { hasPassed } from "./position.js";

const EveryMs = 100;
const MostInOne = 100;
const MostItems = 100;
const GivenUpMs = 30_000;
const SeenByNowMs = 10_000;

/**
 * Taps of this client: added up by kind, one message every 100 ms at most, and kept in view until the server has counted them.
 * A message whose answer is lost is not sent again, for it may have been counted: the next frame tells.
 */
export class Taps {
  #deliver; #changed; #rejected; #place;
  #waiting = new Map(); #since = 0; #sent = []; #timer = null; #lastAt = 0; #live = false;

  /**
   * @param deliver (items) → Promise of { results } or { failed: { code, retryAfterMs }, unknown }
   * @param place () → the position of the newest frame
   * @param changed what is pending is not what it was
   * @param rejected ({ code, retryAfterMs })
   */
  constructor({ deliver, place, changed, rejected }) {
    this.#deliver = deliver;
    this.#place = place;
    this.#changed = changed;
    this.#rejected = rejected;
  }

  add(kind, count) {
    if (this.#waiting.size === 0) this.#since = Date.now();
    this.#waiting.set(kind, (this.#waiting.get(kind) ?? 0) + count);
    this.#changed();
    this.#plan();
  }

  /** By kind: what was tapped and is not in the totals yet. */
  pending() {
    const sum = new Map(this.#waiting);
    for (const batch of this.#sent) for (const [kind, count] of batch.left) if (count > 0) sum.set(kind, (sum.get(kind) ?? 0) + count);
    return sum;
  }

  /** A connection holds: what was lost with the last one is in the totals by now, or never will be. */
  begun() {
    this.#live = true;
    this.#settle(batch => batch.lost);
    if (this.#waiting.size > 0 && Date.now() - this.#since > GivenUpMs) this.drop("unreachable");
    this.#plan();
  }

  ended() {
    this.#live = false;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** What waits will not be sent. */
  drop(code) {
    if (this.#waiting.size === 0) return;
    this.#waiting.clear();
    this.#changed();
    this.#rejected({ code });
  }

  /**
   * The totals rose by these counts. Until the answer tells, taps that are under way are taken to be among them: so what is
   * shown never counts them twice and never falls.
   */
  counted(rises, isSnapshot) {
    for (const [kind, rise] of Object.entries(rises)) {
      let more = rise;
      for (const batch of this.#sent) {
        if (batch.position !== null || more <= 0) continue;
        const left = batch.left.get(kind) ?? 0, taken = Math.min(left, more);
        if (taken === 0) continue;
        batch.left.set(kind, left - taken);
        more -= taken;
      }
    }
    const place = this.#place(), now = Date.now();
    this.#settle(batch => batch.lost || (batch.position !== null && (isSnapshot || hasPassed(place, batch.position) || now - batch.at > SeenByNowMs)));
  }

  #plan() {
    if (!this.#live || this.#timer !== null || this.#waiting.size === 0) return;
    const wait = this.#lastAt + EveryMs - Date.now();
    // At once after a pause; not in the middle of the call, so that a loop of taps is one message.
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, wait));
  }

  #flush() {
    this.#timer = null;
    this.#lastAt = Date.now();
    const items = [], counts = new Map();
    for (const [kind, waiting] of this.#waiting) {
      let left = waiting;
      while (left > 0 && items.length < MostItems) {
        const count = Math.min(left, MostInOne);
        items.push({ type: "reaction", kind, count });
        counts.set(kind, (counts.get(kind) ?? 0) + count);
        left -= count;
      }
      if (left > 0) this.#waiting.set(kind, left);
      else this.#waiting.delete(kind);
    }
    const batch = { left: counts, position: null, lost: false, at: this.#lastAt };
    this.#sent.push(batch);
    this.#deliver(items).then(outcome => this.#answered(batch, items, outcome));
    this.#since = this.#lastAt;
    this.#plan();
  }

  #answered(batch, items, { results, failed, unknown }) {
    if (unknown) {
      batch.lost = true;
      if (this.#live && failed.code !== "unreachable") this.#rejected(failed);
      return;
    }
    const refused = new Map();
    batch.left = new Map();
    batch.at = Date.now();
    items.forEach((item, index) => {
      const result = results?.[index] ?? { status: "rejected", ...failed };
      if (result.status === "accepted") {
        batch.position = result.position;
        batch.left.set(item.kind, (batch.left.get(item.kind) ?? 0) + item.count);
      } else {
        refused.set(result.code, result);
      }
    });
    if (batch.position === null || hasPassed(this.#place(), batch.position)) this.#sent.splice(this.#sent.indexOf(batch), 1);
    this.#changed();
    for (const { code, retryAfterMs } of refused.values()) this.#rejected(retryAfterMs ? { code, retryAfterMs } : { code });
  }

  #settle(isDone) {
    if (!this.#sent.some(isDone)) return;
    this.#sent = this.#sent.filter(batch => !isDone(batch));
    this.#changed();
  }
}
