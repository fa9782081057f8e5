const Kept = 10;

/** The server's clock, seen through pings: the offset of the one with the shortest way, of the last ten. */
export class Clock {
  #pings = [];

  /** Server minus this machine, ms; null before the first answer. */
  get offsetMs() {
    let best = null;
    for (const ping of this.#pings) if (best === null || ping.tookMs <= best.tookMs) best = ping;
    return best && best.offsetMs;
  }

  /** A ping that left at `sentAt` was answered at the server's `at` and came back at `receivedAt`. */
  answered(sentAt, at, receivedAt = Date.now()) {
    if (typeof at !== "number" || receivedAt < sentAt) return;
    this.#pings.push({ tookMs: receivedAt - sentAt, offsetMs: at - (sentAt + receivedAt) / 2 });
    if (this.#pings.length > Kept) this.#pings.shift();
  }

  /** The server's time, as well as it is known. */
  now() { return Date.now() + (this.offsetMs ?? 0); }
}

/** An even random sample of what was added since it was last taken, 16 at most (Vitter's algorithm R). */
export class Sample {
  #values = []; #seen = 0; #random;

  constructor(random = Math.random) { this.#random = random; }

  add(value) {
    this.#seen++;
    if (this.#values.length < 16) this.#values.push(value);
    else {
      const place = Math.floor(this.#random() * this.#seen);
      if (place < 16) this.#values[place] = value;
    }
  }

  take() {
    const values = this.#values;
    this.#values = [];
    this.#seen = 0;
    return values;
  }
}
