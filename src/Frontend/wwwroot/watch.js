// Watches one stream: over a WebSocket, or over an EventSource where sockets do not get through.
// Comes back by itself, from the position it had, so that nothing is missed or counted twice.

const fatal = { 4401: "Your sign-in has run out.", 4403: "You may not watch this stream.", 4404: "There is no such stream." };

export class Watch {
  #stream; #token; #on;
  #position = null;
  #socket = null; #source = null; #timer = null;
  #failures = 0; #closed = false;
  #waiting = new Map(); #ref = 0;

  /** `on`: frame(frame, isSnapshot), state(text), lost(text) when it will not come back. */
  constructor(stream, token, on) {
    this.#stream = stream;
    this.#token = token;
    this.#on = on;
    this.#open();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#source?.close();
    this.#forget();
  }

  /** Results of the items; null when there is no socket to send them on. Rejects when the answer is lost. */
  send(items) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return null;
    const ref = ++this.#ref;
    const answer = new Promise((resolve, reject) => this.#waiting.set(ref, { resolve, reject }));
    this.#socket.send(JSON.stringify({ t: "send", ref, items }));
    return answer;
  }

  #address(scheme, path) {
    const url = new URL(`v1/streams/${encodeURIComponent(this.#stream)}/${path}`, document.baseURI);
    url.protocol = url.protocol.replace("http", scheme);
    if (this.#token) url.searchParams.set("access_token", this.#token);
    if (this.#position) url.searchParams.set("position", this.#position);
    return url;
  }

  #open() {
    // Two sockets in a row that never opened: something on the way does not let them through.
    if (this.#failures >= 2) return this.#openSource();
    let opened = false;
    const socket = this.#socket = new WebSocket(this.#address("ws", "socket"), "interactions.v1.json");
    socket.onopen = () => { opened = true; this.#failures = 0; this.#on.state("live"); };
    socket.onmessage = message => this.#receive(JSON.parse(message.data));
    socket.onclose = event => {
      this.#forget();
      if (this.#closed) return;
      if (fatal[event.code]) return this.#on.lost(fatal[event.code]);
      if (!opened) this.#failures++;
      this.#again(500 + Math.random() * 1500);
    };
  }

  #openSource() {
    const source = this.#source = new EventSource(this.#address("http", "events"));
    const take = isSnapshot => event => this.#take(JSON.parse(event.data), isSnapshot);
    source.onopen = () => this.#on.state("live (events)");
    source.addEventListener("snapshot", take(true));
    source.addEventListener("frame", take(false));
    source.onerror = () => {
      this.#on.state("reconnecting …");
      if (source.readyState !== EventSource.CLOSED || this.#closed) return;
      this.#failures = 0;
      this.#again(2000 + Math.random() * 3000);
    };
  }

  #again(delayMs) {
    this.#on.state("reconnecting …");
    this.#timer = setTimeout(() => this.#open(), delayMs);
  }

  #receive(message) {
    switch (message.t) {
      case "snapshot": return this.#take(message, true);
      case "frame": return this.#take(message, false);
      case "ack":
        this.#waiting.get(message.ref)?.resolve(message.results);
        this.#waiting.delete(message.ref);
        return;
      case "error": {
        const asked = this.#waiting.get(message.ref);
        this.#waiting.delete(message.ref);
        asked?.reject(new Error(message.detail ?? message.code));
        return;
      }
    }
  }

  #take(frame, isSnapshot) {
    this.#position = frame.position;
    this.#on.frame(frame, isSnapshot);
  }

  #forget() {
    for (const { reject } of this.#waiting.values()) reject(new Error("The connection was lost."));
    this.#waiting.clear();
  }
}
