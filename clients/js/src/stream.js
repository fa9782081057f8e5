import { Sample } from "./clock.js";
import { Connection } from "./connection.js";
import { ServiceError, report } from "./errors.js";
import { Gaps } from "./gaps.js";
import { Outbox, newKey } from "./outbox.js";
import { hasPassed } from "./position.js";
import { emptyState, fillIn, fold, news } from "./state.js";
import { Switches } from "./switches.js";
import { Taps } from "./taps.js";

/** One stream: the store of its state, its events, and what one can say on it. See index.d.ts. */
export class Stream {
  #core; #keep; #state; #connection; #taps; #switches; #outbox; #latency = new Sample();
  #subscribers = new Set(); #handlers = new Map(); #fresh = true; #taking = false; #gaps;

  constructor(core, id, keepComments) {
    this.id = id;
    this.#core = core;
    this.#keep = keepComments;
    this.#state = emptyState(id);
    this.#connection = new Connection({
      core, id, place: () => this.#state.position, latency: this.#latency,
      on: {
        status: status => this.#status(status),
        begun: () => this.#begun(),
        ended: () => this.#ended(),
        frame: (frame, isSnapshot) => this.#take(frame, isSnapshot),
        closed: problem => this.#closed(problem),
      },
    });
    const deliver = items => this.#connection.deliver(items);
    const sending = { deliver, place: () => this.#state.position, changed: () => this.#showPending(), rejected: refusal => this.#emit("rejected", refusal) };
    this.#taps = new Taps(sending);
    this.#switches = new Switches(sending);
    this.#outbox = new Outbox(deliver);
    this.#gaps = new Gaps({ comments: which => this.comments(which), keep: keepComments, isOver: () => this.#connection.name === "closed" });
  }

  get state() { return this.#state; }

  subscribe(changed) {
    // A wrapper, so that the same function may subscribe twice.
    const subscriber = { changed };
    this.#subscribers.add(subscriber);
    this.#wanted();
    return () => { this.#subscribers.delete(subscriber); };
  }

  on(event, handler) {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers);
    const one = { handler };
    handlers.add(one);
    this.#wanted();
    return () => { handlers.delete(one); };
  }

  open() {
    this.#core.opened(this);
    this.#connection.open();
  }

  close() {
    this.#connection.close();
    this.#core.closed(this);
  }

  react(kind, count = 1) {
    if (!Number.isInteger(count) || count < 0 || count > 1_000_000) throw new RangeError("count is a whole number, 0 or more.");
    if (this.#state.settings?.tap === false || count === 0) this.#switches.set(kind, count > 0 ? 1 : 0);
    else this.#taps.add(kind, count);
    this.#wanted();
  }

  comment(text, { replyTo, key } = {}) { return this.#one({ type: "comment", text, ...(replyTo && { replyTo }), ...(key && { key }) }); }
  vote(poll, choice) { return this.#one({ type: "vote", poll, choice }); }
  cue(name, data) { return this.#one({ type: "cue", name, ...(data !== undefined && { data }) }); }
  pin(comment) { return this.#one({ type: "pin", comment }); }
  unpin() { return this.#one({ type: "unpin" }); }
  delete(comment) { return this.#one({ type: "delete", comment }); }
  ban(user, { seconds, shadow } = {}) { return this.#one({ type: "ban", user, ...(seconds !== undefined && { seconds }), ...(shadow !== undefined && { shadow }) }); }
  unban(user) { return this.#one({ type: "unban", user }); }
  poll({ id, question, choices }) { return this.#one({ type: "poll", id, question, choices }); }
  closePoll(id) { return this.#one({ type: "closePoll", id }); }

  send(items) {
    if (this.#connection.name === "closed") {
      const { code, detail } = this.#state.problem ?? { code: "closed", detail: "The stream is closed." };
      return Promise.reject(new ServiceError(code, detail));
    }
    this.#wanted();
    return this.#outbox.send(items.map(item => item.key || item.type === "reaction" ? item : { ...item, key: newKey() }));
  }

  get() { return this.#call(""); }
  configure(settings) { return this.#call("", { method: "PUT", body: settings }); }
  start() { return this.#call("/start", { method: "POST" }); }
  end() { return this.#call("/end", { method: "POST" }); }
  async remove() { await this.#call("", { method: "DELETE" }); }
  me() { return this.#call("/me"); }
  async comments({ before, limit } = {}) { return (await this.#call(`/comments${query({ before, limit })}`)).comments; }
  bans({ after, limit } = {}) { return this.#call(`/bans${query({ after, limit })}`); }
  timeline({ step, from, to } = {}) { return this.#call(`/timeline${query({ step, from, to })}`); }

  /** For the client: another token is in use. */
  tokenChanged(token, sameUser) {
    const refused = this.#state.problem?.code;
    if (this.#connection.name === "closed" && (refused === "unauthorized" || refused === "forbidden")) this.open();
    else if (sameUser) this.#connection.renew(token);
    else this.#connection.restart();
  }

  /** For the client: nobody is looking. False while something waits for its answer. */
  pause() {
    if (!this.#outbox.isEmpty) return false;
    this.#connection.pause();
    return true;
  }

  /** For the client: somebody is looking again, or there is a network again. */
  resume() {
    if (this.#connection.name === "paused" || this.#connection.name === "reconnecting") this.#connection.open();
  }

  async #one(item) { return (await this.send([item]))[0]; }

  #call(path, options) { return this.#core.http.call(`streams/${encodeURIComponent(this.id)}${path}`, options); }

  #wanted() { if (this.#connection.name === "idle") this.open(); }

  #each(act) { for (const part of [this.#taps, this.#switches, this.#outbox]) act(part); }

  #begun() {
    this.#each(part => part.begun());
  }

  #ended() {
    this.#fresh = true;
    this.#each(part => part.ended());
  }

  #closed(problem) {
    const { code, detail } = problem ?? { code: "closed", detail: "The stream was closed." };
    this.#taps.drop(code);
    this.#outbox.drop(code, detail);
  }

  #take(frame, isSnapshot) {
    const before = this.#state;
    // A frame leads on from where the viewer is; one that does not was here already.
    if (!isSnapshot && hasPassed(before.position, frame.position)) return;
    this.#measure(frame, isSnapshot);
    const rises = isSnapshot ? difference(before.totals, frame.totals ?? {}) : frame.delta ?? {};
    this.#taking = true;
    this.#state = fold(before, frame, isSnapshot, this.#keep);
    this.#taps.counted(rises, isSnapshot);
    this.#switches.counted(rises);
    this.#taking = false;
    this.#connection.seen(this.#state.viewers);
    this.#become(this.#state);
    if (frame.removed) this.#gaps.removed(frame.removed);
    this.#fill(before, frame, isSnapshot);

    const fresh = news(before, frame, isSnapshot);
    this.#emit("frame", { frame, isSnapshot, state: this.#state });
    for (const comment of fresh.comments) this.#emit("comment", comment);
    for (const cue of fresh.cues) this.#emit("cue", cue);
    for (const reaction of fresh.reactions) this.#emit("reaction", reaction);
  }

  /** Puts in what was written while this viewer was away and the frame left out. */
  async #fill(before, frame, isSnapshot) {
    const found = await this.#gaps.find(before, frame, isSnapshot);
    if (found.length === 0) return;
    const known = new Set(this.#state.comments.map(comment => comment.id));
    const filled = fillIn(this.#state, found, frame.comments[0].id, this.#keep);
    if (filled === this.#state) return;
    this.#become(filled);
    for (const comment of filled.comments) if (!known.has(comment.id)) this.#emit("comment", comment);
  }

  // Only what came while connected says how long frames take; the first one was waiting for us.
  #measure(frame, isSnapshot) {
    const first = this.#fresh, offset = this.#core.clock.offsetMs;
    this.#fresh = false;
    if (first || isSnapshot || !frame.oldest || offset === null) return;
    this.#latency.add(Math.max(0, Math.round(Date.now() + offset - frame.oldest)));
  }

  #status({ connection, transport, problem, retryAt }) {
    this.#become({ ...this.#state, connection, transport, problem, retryAt });
    this.#emit("connection", { state: connection, transport, problem, retryAt });
  }

  #showPending() {
    if (!this.#taking && this.#shown(this.#state) !== this.#state.shown) this.#become(this.#state);
  }

  #become(state) {
    this.#state = Object.freeze({ ...state, shown: this.#shown(state) });
    for (const { changed } of [...this.#subscribers]) {
      try { changed(this.#state); } catch (error) { report(error); }
    }
  }

  #shown({ totals, shown: before }) {
    let shown = totals;
    for (const part of [this.#taps, this.#switches]) {
      for (const [kind, count] of part?.pending() ?? []) {
        if (shown === totals) shown = { ...totals };
        shown[kind] = (shown[kind] ?? 0) + count;
      }
    }
    const kinds = Object.keys(shown);
    return kinds.length === Object.keys(before).length && kinds.every(kind => before[kind] === shown[kind]) ? before : shown;
  }

  #emit(event, value) {
    for (const { handler } of [...this.#handlers.get(event) ?? []]) {
      try { handler(value); } catch (error) { report(error); }
    }
  }
}

function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

function difference(before, after) {
  return Object.fromEntries(Object.entries(after).map(([kind, total]) => [kind, total - (before[kind] ?? 0)]));
}
