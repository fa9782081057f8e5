const SocketAgainMs = 5 * 60_000;
const SocketWorkedAgainMs = 60_000;

/** Which way to try first: one memory for all streams of a client. */
export class Transports {
  #mode; #hasSockets; #socketWorked = false; #eventsUntil = 0; #looks = 0;

  /** @param mode `auto`, `websocket` or `sse` */
  constructor(mode, hasSockets) {
    this.#mode = mode;
    this.#hasSockets = hasSockets;
  }

  /** In this order, one after the other, after so many rounds that failed. */
  plan(failures, now = Date.now()) {
    if (this.#mode !== "auto") return [this.#mode];
    if (!this.#hasSockets) return ["sse"];
    if (now < this.#eventsUntil && failures < 2) return ["sse"];
    // Where sockets are known to get through, one that does not is more likely a service that is not there.
    return this.#socketWorked && failures < 2 ? ["websocket"] : ["websocket", "sse"];
  }

  worked(transport, now = Date.now()) {
    if (transport === "websocket") {
      this.#socketWorked = true;
      this.#eventsUntil = this.#looks = 0;
    } else {
      this.#eventsUntil = now + (this.#socketWorked ? SocketWorkedAgainMs : SocketAgainMs);
    }
  }

  /** After how long on events to look whether sockets, which worked before, get through again: later each time. Null: not at all. */
  nextLookMs() {
    return this.#mode === "auto" && this.#socketWorked ? SocketWorkedAgainMs * 2 ** Math.min(this.#looks++, 5) * (1 + Math.random()) : null;
  }
}
