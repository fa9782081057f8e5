// One WebSocket, from its opening to its end.

const OpensWithinMs = 5000;
const SpeaksWithinMs = 3000;
const PingEveryMs = 10_000;
const SecondPingMs = 1000;
const HeardWithinMs = 5000;
const AnsweredWithinMs = 15_000;
const LeavesWithinMs = 5000;

// What the service's close codes are in its table of codes. 4400 would be this client's own fault.
const codes = { 4400: "bad_request", 4401: "unauthorized", 4403: "forbidden", 4404: "not_found", 4408: "no_progress", 4429: "too_many_connections", 4500: "damaged", 1001: "going_away" };

/**
 * @typedef Ending
 * @property {boolean} began whether frames could flow
 * @property {boolean} reached whether it was the service that ended it, so that another way would end the same
 * @property {string} code of the table, or `lost` (broken), `silent` (nothing came), `unreachable` (never opened)
 * @property {string} detail
 * @property {number} afterMs not to come back before this
 */

export class SocketLink {
  transport = "websocket";
  #socket; #on; #resumes; #clock; #latency; #patience;
  #began = false; #opened = false; #over = false; #afterMs = 0; #heardAt = 0; #pings = [];
  #first; #pinger; #watch; #asked = new Map(); #ref = 0;

  /**
   * @param url with the token and the position in it
   * @param resumes whether it goes on from a position: then there may be nothing to send at first
   * @param patience by how much longer to wait than usual
   * @param on { begun(), frame(frame, isSnapshot), ended(Ending) }
   */
  constructor({ WebSocket, url, resumes, patience = 1, clock, latency, on }) {
    this.#on = on;
    this.#resumes = resumes;
    this.#patience = patience;
    this.#clock = clock;
    this.#latency = latency;
    this.#first = setTimeout(() => this.#end("silent", "The WebSocket did not open."), OpensWithinMs * patience);
    try {
      const socket = this.#socket = new WebSocket(url, "interactions.v1.json");
      socket.onopen = () => this.#open();
      socket.onmessage = event => this.#heard(event.data);
      socket.onerror = () => { };
      socket.onclose = event => this.#closed(event);
    } catch (error) {
      queueMicrotask(() => this.#end("unreachable", String(error?.message ?? error)));
    }
  }

  /** Resolves with { results }, or { failed, unknown }; never rejects. */
  deliver(items) {
    if (this.#over || !this.#opened) return Promise.resolve({ failed: { code: "unreachable", detail: "There is no connection." }, unknown: true });
    const ref = ++this.#ref;
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#answer(ref, lost), AnsweredWithinMs);
      this.#asked.set(ref, { resolve, timer });
      this.#say({ t: "send", ref, items });
    });
  }

  /** Takes a new token of the same user into use. */
  renew(token) {
    if (this.#opened && token) this.#say({ t: "token", token });
  }

  /** Ends it without a word to anyone. */
  close() {
    this.#stop();
    try { this.#socket?.close(1000); } catch { /* it was not open yet */ }
  }

  #open() {
    if (this.#over) return;
    this.#opened = true;
    clearTimeout(this.#first);
    this.#first = setTimeout(() => this.#end("silent", "The WebSocket opened, and nothing came."), SpeaksWithinMs * this.#patience);
    this.#ping();
    this.#pinger = setTimeout(() => this.#tick(), SecondPingMs);
  }

  #tick() {
    this.#ping();
    this.#pinger = setTimeout(() => this.#tick(), PingEveryMs * (0.8 + Math.random() * 0.4));
  }

  #ping() {
    const latencyMs = this.#latency.take();
    this.#pings.push(Date.now());
    this.#say(latencyMs.length > 0 ? { t: "ping", latencyMs } : { t: "ping" });
    if (!this.#began) return;
    const before = this.#heardAt;
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => { if (this.#heardAt === before) this.#end("lost", "The connection fell silent."); }, HeardWithinMs);
  }

  #say(message) {
    try { this.#socket.send(JSON.stringify(message)); } catch { /* its end is told by close */ }
  }

  #heard(data) {
    if (this.#over) return;
    this.#heardAt = performance.now();
    let message;
    try { message = JSON.parse(data); } catch { return; }
    switch (message.t) {
      case "snapshot":
      case "frame": {
        const { t, ...frame } = message;
        this.#on.frame(frame, t === "snapshot");
        return this.#begin();
      }
      case "ack": return this.#answer(message.ref, { results: message.results });
      case "pong":
        // Pongs come in the order of the pings.
        if (this.#pings.length > 0) this.#clock.answered(this.#pings.shift(), message.at);
        if (this.#resumes) this.#begin();
        return;
      case "error":
        if (message.ref !== undefined) this.#answer(message.ref, refused(message));
        return;
      case "bye":
        this.#afterMs = Number(message.reconnectInMs) || 0;
        clearTimeout(this.#watch);
        this.#watch = setTimeout(() => this.#end("going_away", "The server said goodbye."), LeavesWithinMs);
    }
  }

  #begin() {
    if (this.#began || this.#over) return;
    this.#began = true;
    clearTimeout(this.#first);
    this.#on.begun();
  }

  #answer(ref, outcome) {
    const asked = this.#asked.get(ref);
    if (!asked) return;
    clearTimeout(asked.timer);
    this.#asked.delete(ref);
    asked.resolve(outcome);
  }

  #closed({ code, reason }) {
    const known = codes[code];
    if (known) this.#end(known, reason || known, true);
    else this.#end(this.#opened ? "lost" : "unreachable", this.#opened ? "The connection was lost." : "The WebSocket could not be opened.");
  }

  #end(code, detail, reached = false) {
    if (this.#over) return;
    this.#stop();
    try { this.#socket?.terminate ? this.#socket.terminate() : this.#socket?.close(); } catch { /* gone already */ }
    this.#on.ended({ began: this.#began, reached, code, detail, afterMs: this.#afterMs });
  }

  #stop() {
    this.#over = true;
    clearTimeout(this.#first);
    clearTimeout(this.#pinger);
    clearTimeout(this.#watch);
    for (const ref of [...this.#asked.keys()]) this.#answer(ref, lost);
  }
}

const lost = { failed: { code: "unreachable", detail: "The connection was lost before the answer came." }, unknown: true };

function refused({ code, detail, retryAfterMs }) {
  return { failed: { code, detail, retryAfterMs: retryAfterMs ?? null }, unknown: code === "unavailable" || code === "internal" };
}
