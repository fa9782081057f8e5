// When to come back. Those who are cut together must not come back together, and one person on a bad network should
// not wait for the sake of a crowd that is not there: so the spread follows the size of the audience.

const AtLeastMs = 200;
const AtMostMs = 30_000;

/**
 * Over how long the viewers of a stream spread their first attempt: about 60 a second, within 1–8 s. Eight seconds are
 * an eighth of a large audience in each of them.
 */
export function spreadMs(audience) {
  return Math.min(8000, Math.max(1000, audience * 16));
}

/**
 * Full jitter, doubling with each failure, 30 s at most, on top of what the server asked for.
 * @param {number} failures attempts that failed since the connection last held
 * @param {number} audience how many may be doing the same now
 * @param {number} afterMs not before this (`retry`, `bye`, Retry-After)
 */
export function delayMs(failures, audience, afterMs = 0, random = Math.random) {
  const window = Math.min(AtMostMs - AtLeastMs, spreadMs(audience) * 2 ** Math.min(failures, 10));
  return afterMs + AtLeastMs + random() * window;
}

/** The audience as it was at its largest in the last minute: after a crash the count starts again from few. */
export class Crowd {
  #size = 0; #at = 0;

  seen(viewers, now = Date.now()) {
    if (viewers < this.#size && now - this.#at < 60_000) return;
    this.#size = viewers;
    this.#at = now;
  }

  get size() { return this.#size; }
}
