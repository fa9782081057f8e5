import { refusal } from "./http.js";
import { SseParser } from "./sse-parser.js";

const SpeaksWithinMs = 3000;
const PingEveryMs = 10_000;

/** The service writes a comment line every 15 s. */
const SilentMs = 40_000;

/** Server-Sent Events by fetch, with the token in its header; what is said goes by POST. Ends as a SocketLink does. */
export class EventsLink {
  transport = "sse";
  #http; #id; #on; #resumes; #clock; #latency;
  #abort = new AbortController(); #began = false; #over = false; #afterMs = 0; #heard = false; #watch; #pinger;

  /** @param http what to call by; @param id the stream's; @param position to go on from, or null; for the others see SocketLink. */
  constructor({ http, id, position, patience = 1, clock, latency, on }) {
    this.#http = http;
    this.#id = encodeURIComponent(id);
    this.#on = on;
    this.#resumes = position !== null;
    this.#clock = clock;
    this.#latency = latency;
    this.#watch = setTimeout(() => this.#end("silent", "No event came in time: something on the way may be holding them back."), SpeaksWithinMs * patience);
    this.#run(position).then(
      () => this.#end("lost", "The event stream ended."),
      error => this.#end(this.#heard ? "lost" : "unreachable", String(error?.message ?? error)));
  }

  /** Resolves with { results }, or { failed, unknown }; never rejects. */
  async deliver(items) {
    try {
      const { results } = await this.#http.call(`streams/${this.#id}/interactions`, { method: "POST", body: items });
      return { results };
    } catch (error) {
      const { code = "internal", message, status = null, retryAfterMs = null } = error;
      return { failed: { code, detail: message, status, retryAfterMs }, unknown: status === null || status >= 500 };
    }
  }

  /** The next connection takes it; this one ends with the token that it began with. */
  renew() { }

  close() {
    this.#stop();
    this.#abort.abort();
  }

  async #run(position) {
    const query = position === null ? "" : `?position=${encodeURIComponent(position)}`;
    const response = await this.#http.open(`streams/${this.#id}/events${query}`, { headers: { accept: "text/event-stream" }, signal: this.#abort.signal });
    if (!response.ok) {
      const { code, message, retryAfterMs } = await refusal(response);
      this.#afterMs = retryAfterMs ?? 0;
      return this.#end(code, message, true);
    }
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return this.#end("unreachable", "What answered is not the service.");

    const parser = new SseParser({ event: event => this.#event(event), retry: ms => { this.#afterMs = ms; } });
    const text = new TextDecoder();
    const body = response.body.getReader();
    for (let part = await body.read(); !part.done && !this.#over; part = await body.read()) {
      this.#heard = true;
      parser.push(text.decode(part.value, { stream: true }));
      if (this.#began || this.#resumes) this.#alive();
    }
  }

  #event({ type, data }) {
    if (this.#over) return;
    if (type === "bye") {
      this.#afterMs = Number(JSON.parse(data).reconnectInMs) || 0;
      return this.#end("going_away", "The server said goodbye.", true);
    }
    if (type !== "snapshot" && type !== "frame") return;
    this.#on.frame(JSON.parse(data), type === "snapshot");
    this.#alive();
  }

  #alive() {
    if (this.#over) return;
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#end("lost", "The connection fell silent."), SilentMs);
    if (this.#began) return;
    this.#began = true;
    this.#on.begun();
    this.#ping();
  }

  async #ping() {
    const latencyMs = this.#latency.take();
    const sentAt = Date.now();
    try {
      const answer = await this.#http.call("ping", { method: "POST", body: { transport: "sse", latencyMs } });
      this.#clock.answered(sentAt, answer?.at);
    } catch (error) {
      // A service that does not measure.
      if (error.code === "not_found") return;
    }
    if (!this.#over) this.#pinger = setTimeout(() => this.#ping(), PingEveryMs * (0.8 + Math.random() * 0.4));
  }

  #end(code, detail, reached = false) {
    if (this.#over) return;
    this.close();
    this.#on.ended({ began: this.#began, reached, code, detail, afterMs: this.#afterMs });
  }

  #stop() {
    this.#over = true;
    clearTimeout(this.#watch);
    clearTimeout(this.#pinger);
  }
}
