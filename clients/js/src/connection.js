import { Crowd, delayMs } from "./backoff.js";
import { EventsLink } from "./events.js";
import { SocketLink } from "./websocket.js";

/** A connection that began and broke sooner than this did not hold: the wait for the next one is not the shortest. */
const HeldMs = 5000;

const final = new Set(["unauthorized", "forbidden", "not_found", "damaged"]);

/** Keeps one stream connected: which way, when again, and when it is no use. One link at a time. */
export class Connection {
  #core; #id; #place; #latency; #on;
  #crowd = new Crowd(); #link = null; #turn = 0; #plan = []; #kind = null; #timer = null;
  #failures = 0; #beganAt = 0; #renewedAt = -Infinity; #everBegan = false; #silent = null; #name = "idle";

  /**
   * @param core { http, tokens, transports, clock, WebSocket }
   * @param place () → the position to go on from, or null
   * @param on { status({ connection, transport, problem, retryAt }), begun(), ended(), frame(frame, isSnapshot), closed(problem) }
   */
  constructor({ core, id, place, latency, on }) {
    this.#core = core;
    this.#id = id;
    this.#place = place;
    this.#latency = latency;
    this.#on = on;
  }

  get name() { return this.#name; }

  /** Connects, or does not wait any longer to. */
  open() {
    if (this.#link !== null || this.#name === "connecting" || (this.#name === "reconnecting" && this.#timer === null)) return;
    this.#round();
  }

  close(problem = null) {
    this.#leave();
    this.#failures = 0;
    this.#everBegan = false;
    this.#show("closed", { problem });
    this.#on.closed(problem);
  }

  pause() {
    if (this.#name === "idle" || this.#name === "closed" || this.#name === "paused") return;
    this.#leave();
    this.#show("paused");
  }

  /** Ends the link and makes a new one at once: another user's token, or another way. */
  restart(plan) {
    if (this.#link === null && this.#name !== "reconnecting" && this.#name !== "connecting") return;
    this.#leave();
    this.#round(plan);
  }

  renew(token) { this.#link?.renew(token); }

  seen(viewers) { this.#crowd.seen(viewers); }

  /** Resolves with { results }, or { failed, unknown }; never rejects. */
  deliver(items) {
    return this.#link?.deliver(items) ?? Promise.resolve({ failed: { code: "unreachable", detail: "There is no connection." }, unknown: true });
  }

  #leave() {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#timer = null;
    const link = this.#link;
    this.#link = null;
    link?.close();
    if (link && this.#beganAt > 0) this.#on.ended();
    this.#beganAt = 0;
  }

  #round(plan = this.#core.transports.plan(this.#failures)) {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#plan = plan;
    this.#silent = null;
    this.#show(this.#everBegan || this.#failures > 0 ? "reconnecting" : "connecting");
    this.#next();
  }

  async #next() {
    const turn = ++this.#turn;
    this.#kind = this.#plan.shift();
    let token;
    try {
      token = await this.#core.tokens.current();
    } catch (error) {
      if (turn === this.#turn) this.#again({ code: "token", detail: `No token could be had: ${error?.message ?? error}` }, 0);
      return;
    }
    if (turn !== this.#turn) return;
    const mine = handler => (...values) => { if (turn === this.#turn) handler(...values); };
    const position = this.#place();
    const { http, clock, WebSocket } = this.#core;
    const shared = {
      clock, latency: this.#latency, patience: Math.min(1 + this.#failures, 4),
      on: { begun: mine(() => this.#begun()), ended: mine(ending => this.#ended(ending)), frame: mine((...frame) => this.#on.frame(...frame)) },
    };
    this.#link = this.#kind === "websocket"
      ? new SocketLink({ ...shared, WebSocket, url: this.#socketAddress(token, position), resumes: position !== null })
      : new EventsLink({ ...shared, http, id: this.#id, position });
  }

  #socketAddress(token, position) {
    const url = this.#core.http.address(`streams/${encodeURIComponent(this.#id)}/socket`);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    if (token) url.searchParams.set("access_token", token);
    if (position !== null) url.searchParams.set("position", position);
    return url.href;
  }

  #begun() {
    const { transports } = this.#core;
    transports.worked(this.#kind);
    this.#beganAt = performance.now();
    this.#everBegan = true;
    this.#show("live", { transport: this.#kind });
    this.#on.begun();
    const look = this.#kind === "sse" ? transports.nextLookMs() : null;
    if (look !== null) this.#timer = setTimeout(() => this.restart(["websocket", "sse"]), look);
  }

  #ended({ began, reached, code, detail, afterMs }) {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#link = null;
    if (began) this.#on.ended();
    const held = began && performance.now() - this.#beganAt >= HeldMs;
    this.#beganAt = 0;
    if (began) this.#failures = held ? 0 : Math.min(this.#failures, 1);
    if (code === "unauthorized" && this.#core.tokens.canRenew && performance.now() - this.#renewedAt > HeldMs) return this.#renew();
    if (final.has(code) && reached) return this.close({ code, detail });
    if (code === "silent") this.#silent = { code: "silent", detail };
    if (!began && !reached && this.#plan.length > 0) return this.#next();
    // Broken connections and unreachable services need no explanation; refusals and silence do.
    this.#again(this.#silent ?? (reached && code !== "going_away" ? { code, detail } : null), afterMs);
  }

  async #renew() {
    const turn = ++this.#turn;
    this.#renewedAt = performance.now();
    this.#plan.unshift(this.#kind);
    this.#show("reconnecting");
    try {
      await this.#core.tokens.renew();
    } catch (error) {
      if (turn === this.#turn) this.#again({ code: "token", detail: `No token could be had: ${error?.message ?? error}` }, 0);
      return;
    }
    if (turn === this.#turn) this.#next();
  }

  #again(problem, afterMs) {
    const wait = delayMs(this.#failures, this.#crowd.size, afterMs);
    this.#failures++;
    this.#timer = setTimeout(() => this.#round(), wait);
    this.#show("reconnecting", { problem, retryAt: Date.now() + Math.round(wait) });
  }

  #show(connection, { transport = null, problem = null, retryAt = null } = {}) {
    this.#name = connection;
    this.#on.status({ connection, transport, problem, retryAt });
  }
}
