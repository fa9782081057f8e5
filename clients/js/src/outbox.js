import { ServiceError } from "./errors.js";

const LimitMs = 30_000;
const AgainMs = 1000;

/** 128 random bits as text. `randomUUID` exists only in secure contexts. */
export function newKey() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  return Array.from(globalThis.crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}

/** What someone waits to be answered for: sent, and with the same keys sent again, until it is answered or 30 s are over. */
export class Outbox {
  #deliver; #entries = new Set(); #live = false;

  /** @param deliver (items) → Promise of { results } or { failed: { code, detail, status, retryAfterMs }, unknown } */
  constructor(deliver) { this.#deliver = deliver; }

  /** Results in the order of the items. Rejects with ServiceError when refused as a whole, dropped, or not answered in time. */
  send(items) {
    return new Promise((resolve, reject) => {
      const entry = { items, results: new Array(items.length), under: false, timer: null, last: null, resolve, reject };
      entry.limit = setTimeout(() => {
        const { code = "unreachable", detail = "There was no answer in time." } = entry.last ?? {};
        this.#finish(entry, () => reject(new ServiceError(code, detail)));
      }, LimitMs);
      this.#entries.add(entry);
      this.#try(entry);
    });
  }

  get isEmpty() { return this.#entries.size === 0; }

  begun() {
    this.#live = true;
    for (const entry of this.#entries) this.#try(entry);
  }

  ended() { this.#live = false; }

  /** Nothing that waits will be answered. */
  drop(code, detail) {
    for (const entry of [...this.#entries]) this.#finish(entry, () => entry.reject(new ServiceError(code, detail)));
  }

  #try(entry) {
    if (!this.#live || entry.under || entry.timer !== null) return;
    entry.under = true;
    const open = entry.items.map((_, index) => index).filter(index => entry.results[index] === undefined);
    this.#deliver(open.map(index => entry.items[index])).then(outcome => {
      entry.under = false;
      if (this.#entries.has(entry)) this.#answered(entry, open, outcome);
    });
  }

  #answered(entry, open, { results, failed, unknown }) {
    let wait = null;
    const later = ms => { wait = Math.max(wait ?? 0, ms || AgainMs); };
    if (failed && !unknown && failed.code !== "rate_limited") {
      this.#finish(entry, () => entry.reject(new ServiceError(failed.code, failed.detail, failed)));
      return;
    }
    if (failed) {
      entry.last = failed;
      for (const index of open) {
        // Without a key it may count twice, so it is left at that.
        if (unknown && !entry.items[index].key) entry.results[index] = { status: "rejected", code: failed.code };
        else later(failed.retryAfterMs);
      }
    } else {
      open.forEach((index, place) => {
        const result = results[place];
        if (result.status === "rejected" && (result.code === "rate_limited" || result.code === "unavailable")) {
          entry.last = result;
          later(result.retryAfterMs);
        } else {
          entry.results[index] = result;
        }
      });
    }
    if (wait === null) this.#finish(entry, () => entry.resolve(entry.results));
    // A lost connection says itself when it is back; else after a while that is not everyone's.
    else if (this.#live) entry.timer = setTimeout(() => { entry.timer = null; this.#try(entry); }, wait * (1 + Math.random() / 2));
  }

  #finish(entry, how) {
    clearTimeout(entry.limit);
    clearTimeout(entry.timer);
    this.#entries.delete(entry);
    how();
  }
}
