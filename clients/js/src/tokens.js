const AheadMs = 30_000;
const AgainMs = 5_000;
const LongestTimerMs = 3_600_000;

/** The claims of a token, unverified: only to know when it ends and whose it is. */
export function claims(token) {
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    const { sub, exp } = JSON.parse(text);
    return { user: sub ?? null, expiresAt: typeof exp === "number" ? exp * 1000 : null };
  } catch {
    return { user: null, expiresAt: null };
  }
}

/** The token in use; where a function gives it, it is asked before the first use, shortly before the end, and after a refusal. */
export class Tokens {
  #ask; #clock; #changed; #token = null; #known = false; #asking = null; #timer = null; #stopped = false;

  /** @param changed called with (token, sameUser) when another one is in use than before. */
  constructor(source, clock, changed) {
    this.#clock = clock;
    this.#changed = changed;
    if (typeof source === "function") this.#ask = source;
    else this.#take(source ?? null);
  }

  /** Whether asking again may give another one. */
  get canRenew() { return this.#ask !== undefined; }

  /** Rejects when the function does. */
  async current() {
    if (this.#ask && (!this.#known || this.#endsWithin(1000))) await this.renew();
    return this.#token;
  }

  /** Asks the function, once for all who want it at the same time. */
  renew() {
    if (!this.#ask) return Promise.resolve(this.#token);
    this.#asking ??= Promise.resolve().then(() => this.#ask()).then(
      token => { this.#asking = null; this.set(token ?? null); return this.#token; },
      error => { this.#asking = null; throw error; });
    return this.#asking;
  }

  set(token) {
    const before = this.#token, knew = this.#known;
    this.#take(token);
    if (knew && token !== before) this.#changed(token, !!token && !!before && claims(token).user === claims(before).user);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #take(token) {
    this.#token = token;
    this.#known = true;
    this.#plan();
  }

  #endsWithin(ms) {
    const ends = this.#token && claims(this.#token).expiresAt;
    return !!ends && ends - this.#clock.now() < ms;
  }

  // Some seconds earlier or later, so that tokens that were made together are not renewed together. A short life is renewed at half of it.
  #plan() {
    clearTimeout(this.#timer);
    const ends = this.#ask && this.#token && claims(this.#token).expiresAt;
    if (!ends || this.#stopped) return;
    const left = ends - this.#clock.now();
    const wait = left > 2 * AheadMs ? left - AheadMs - Math.random() * 10_000 : left / 2;
    this.#wake(Math.max(wait, left > 0 ? 500 : AgainMs));
  }

  #wake(wait) {
    this.#timer = setTimeout(() => {
      if (wait > LongestTimerMs) return this.#wake(wait - LongestTimerMs);
      const before = this.#token;
      this.renew().then(
        token => { if (token === before) this.#wake(AgainMs); },
        () => { if (!this.#stopped) this.#wake(AgainMs); });
    }, Math.min(wait, LongestTimerMs));
    // A client that does nothing else is no reason for a program not to end.
    this.#timer.unref?.();
  }
}
