// Who is banned from the stream, by whomever: read once, then kept by what frames say.
const pageSize = 200;
const retryMs = 5000;
const longestTimerMs = 3_600_000;
const final = new Set(["unauthorized", "forbidden", "not_found"]);

export class Bans {
  #stream; #client; #bans = new Map(); #next = null; #meanwhile = null; #again = 0; #ends = 0; #off;
  problem = null;
  onchange = () => {};

  constructor(stream, client) {
    this.#stream = stream;
    this.#client = client;
    this.#off = stream.on("frame", ({ frame, isSnapshot }) => {
      // A snapshot may come after a hole in what was heard.
      if (isSnapshot || frame.bans === null) this.#load();
      else if (frame.bans) this.#change(frame.bans);
    });
    this.#load();
  }

  /** Those that are known, by user id: { user, until, shadow }. */
  get known() { return [...this.#bans.values()]; }

  /** Whether there are more after those. */
  get hasMore() { return this.#next !== null; }

  has(user) { return this.#bans.has(user); }

  /** Lifted here: shown at once, and said again by a frame. */
  lifted(user) { this.#change({ set: [], lifted: [user] }); }

  more() { return this.hasMore ? this.#load(this.#next) : Promise.resolve(); }

  close() {
    this.#off();
    clearTimeout(this.#again);
    clearTimeout(this.#ends);
  }

  async #load(after) {
    clearTimeout(this.#again);
    // The answer may be older than what frames say until it is here.
    const changes = this.#meanwhile = [];
    try {
      const { bans, next } = await this.#stream.bans({ after, limit: pageSize });
      if (this.#meanwhile !== changes) return;
      if (after === undefined) this.#bans.clear();
      for (const ban of bans) this.#bans.set(ban.user, ban);
      this.#next = next;
      this.problem = null;
    } catch (error) {
      if (this.#meanwhile !== changes) return;
      this.problem = error;
      if (!final.has(error.code)) this.#again = setTimeout(() => this.#load(after), retryMs);
    }
    this.#meanwhile = null;
    for (const change of changes) this.#take(change);
    this.#changed();
  }

  #change(change) {
    this.#meanwhile?.push(change);
    this.#take(change);
    this.#changed();
  }

  #take({ set, lifted }) {
    for (const user of lifted) this.#bans.delete(user);
    // What comes after the last page that was read is read with its own.
    for (const ban of set) if (this.#next === null || ban.user <= this.#next) this.#bans.set(ban.user, ban);
  }

  #changed() {
    this.#bans = new Map([...this.#bans].sort(([a], [b]) => (a < b ? -1 : 1)));
    this.#dropEnded();
    this.onchange();
  }

  #dropEnded() {
    clearTimeout(this.#ends);
    const now = Date.now() + (this.#client.clockOffsetMs ?? 0);
    let first = Infinity;
    for (const { user, until } of this.#bans.values()) {
      if (until === null) continue;
      if (until <= now) this.#bans.delete(user);
      else first = Math.min(first, until);
    }
    if (first < Infinity) this.#ends = setTimeout(() => this.#changed(), Math.min(first - now, longestTimerMs));
  }
}
