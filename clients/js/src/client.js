import { Clock } from "./clock.js";
import { Http } from "./http.js";
import { Stream } from "./stream.js";
import { Tokens } from "./tokens.js";
import { Transports } from "./transports.js";

const HiddenForMs = 30_000;

/** The way to one service: its streams share a token, a clock and what is known of the network. See index.d.ts. */
export class InteractionsClient {
  #core; #streams = new Map(); #pauseAfterMs; #hiddenTimer = null; #listening = [];

  constructor({ url, token = null, transport = "auto", pauseWhenHidden = false, WebSocket = globalThis.WebSocket, fetch } = {}) {
    if (!["auto", "websocket", "sse"].includes(transport)) throw new TypeError(`transport is auto, websocket or sse, not ${transport}.`);
    if (transport === "websocket" && !WebSocket) throw new TypeError("There is no WebSocket here; give the class of one as the option WebSocket.");
    const clock = new Clock();
    const tokens = new Tokens(token, clock, (fresh, sameUser) => this.#each(stream => stream.tokenChanged(fresh, sameUser)));
    const http = new Http(base(url), fetch ?? globalThis.fetch.bind(globalThis), tokens);
    this.#core = {
      clock, tokens, http, WebSocket, transports: new Transports(transport, !!WebSocket),
      opened: stream => { if (!this.#streams.has(stream.id)) this.#streams.set(stream.id, stream); },
      closed: stream => { if (this.#streams.get(stream.id) === stream) this.#streams.delete(stream.id); },
    };
    this.#pauseAfterMs = pauseWhenHidden === true ? HiddenForMs : pauseWhenHidden === false ? null : pauseWhenHidden;
    this.#listen(globalThis.document, "visibilitychange", () => this.#looked());
    // No need to wait for the next attempt when what was in its way is gone.
    this.#listen(globalThis.window, "online", () => this.#each(stream => stream.resume()));
  }

  stream(id, { keepComments = 200 } = {}) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new TypeError("A stream's id is 1-64 of A-Z a-z 0-9 _ -.");
    let stream = this.#streams.get(id);
    if (!stream) this.#streams.set(id, stream = new Stream(this.#core, id, keepComments));
    return stream;
  }

  streams(options = {}) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return this.#core.http.call(`streams?${new URLSearchParams(given)}`);
  }

  get clockOffsetMs() { return this.#core.clock.offsetMs; }

  setToken(token) { this.#core.tokens.set(token); }

  close() {
    this.#core.tokens.stop();
    clearTimeout(this.#hiddenTimer);
    for (const stop of this.#listening) stop();
    this.#listening = [];
    this.#each(stream => stream.close());
  }

  #each(act) { for (const stream of [...this.#streams.values()]) act(stream); }

  #listen(target, event, handler) {
    if (!target?.addEventListener) return;
    target.addEventListener(event, handler);
    this.#listening.push(() => target.removeEventListener(event, handler));
  }

  #looked() {
    clearTimeout(this.#hiddenTimer);
    if (document.visibilityState === "visible") this.#each(stream => stream.resume());
    else if (this.#pauseAfterMs !== null) this.#hiddenTimer = setTimeout(() => this.#pause(), this.#pauseAfterMs);
  }

  // What is still to be answered is waited for.
  #pause() {
    let all = true;
    this.#each(stream => { all = stream.pause() && all; });
    if (!all) this.#hiddenTimer = setTimeout(() => this.#pause(), 1000);
  }
}

function base(url) {
  const address = new URL(url ?? ".", globalThis.document?.baseURI);
  if (address.protocol !== "http:" && address.protocol !== "https:") throw new TypeError("url has to begin with http: or https:.");
  if (!address.pathname.endsWith("/")) address.pathname += "/";
  address.search = address.hash = "";
  return address;
}
