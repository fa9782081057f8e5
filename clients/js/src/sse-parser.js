/** The event-stream format (WHATWG HTML, 9.2.6): text in pieces of any size, events out. */
export class SseParser {
  #on; #rest = ""; #afterReturn = false; #first = true;
  #event = ""; #data = null; #id = "";

  /** @param {{event(event: {type: string, data: string, id: string}): void, retry?(ms: number): void}} on */
  constructor(on) { this.#on = on; }

  push(text) {
    if (this.#first && text.length > 0) {
      this.#first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    // The second half of a CRLF that was cut in two.
    if (this.#afterReturn && text.length > 0) {
      this.#afterReturn = false;
      if (text[0] === "\n") text = text.slice(1);
    }
    let from = 0;
    const whole = this.#rest + text;
    const ends = /\r\n|\n|\r/g;
    ends.lastIndex = this.#rest.length;
    for (let end = ends.exec(whole); end; end = ends.exec(whole)) {
      this.#line(whole.slice(from, end.index));
      from = ends.lastIndex;
    }
    this.#afterReturn = from > 0 && from === whole.length && whole.endsWith("\r");
    this.#rest = whole.slice(from);
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value[0] === " ") value = value.slice(1);
    if (field === "data") this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.#on.retry?.(Number(value));
  }

  #dispatch() {
    const type = this.#event || "message", data = this.#data;
    this.#event = "";
    this.#data = null;
    if (data !== null) this.#on.event({ type, data, id: this.#id });
  }
}
