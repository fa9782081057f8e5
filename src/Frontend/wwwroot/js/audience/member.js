// One viewer of the simulated audience: a token and a socket of their own. What comes in on the socket is not looked at,
// so a member costs next to nothing.
import { comment, guest } from "./lines.js";

// By mood: taps a second while at it, and the mean seconds between comments.
const tapsPerSecond = [0.15, 0.8, 3, 12, 34];
const secondsPerComment = [150, 60, 22, 8, 3];
const tapMs = 200; // as the client does: taps travel together
const mostTaps = 100;

export class Member {
  #scene; #sum; #token; #socket = null; #timer; #again = 0; #favourite = Math.random(); #verve = 0.4 + Math.random() * 1.2;
  #nextComment = 0; #voted = new Set(); #owed = 0; #ref = 0; #reacted = new Set();

  static async join(scene, name, sum) {
    const sub = `${guest}${Math.random().toString(36).slice(2, 10)}`;
    const answer = await fetch(new URL("v1/dev/tokens", scene.service), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ sub, name, role: "viewer" }) });
    if (!answer.ok) throw new Error(`the service answered ${answer.status}.`);
    return new Member(scene, name, (await answer.json()).token, sum);
  }

  constructor(scene, name, token, sum) {
    this.name = name;
    this.#scene = scene;
    this.#token = token;
    this.#sum = sum;
    this.#connect();
    this.#nextComment = performance.now() + Math.random() * 6000;
    this.#timer = setInterval(() => this.#act(), tapMs + Math.random() * 50);
  }

  get here() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  leave() {
    clearInterval(this.#timer);
    clearTimeout(this.#again);
    this.#timer = null;
    this.#socket?.close(1000);
  }

  #connect() {
    const address = new URL(`v1/streams/${encodeURIComponent(this.#scene.stream)}/socket`, this.#scene.service);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("access_token", this.#token);
    this.#socket = new WebSocket(address, "interactions.v1.json");
    this.#socket.onclose = () => {
      if (this.#timer !== null) this.#again = setTimeout(() => this.#connect(), 2000 + Math.random() * 6000);
    };
  }

  #act() {
    if (!this.here) return;
    const { mood, tap, kinds, polls } = this.#scene;
    const items = [];
    // Enthusiasm comes in waves that members share, so that curves look like a crowd's.
    const wave = 0.35 + 0.65 * Math.max(0, Math.sin(Date.now() / 7000) + 0.5 * Math.sin(Date.now() / 2300));
    this.#owed += (tapsPerSecond[mood] * this.#verve * wave * tapMs) / 1000 * (0.5 + Math.random());
    const count = Math.min(mostTaps, Math.floor(this.#owed));
    if (count > 0 && kinds.length) {
      const kind = kinds[Math.min(kinds.length - 1, Math.floor((Math.random() < 0.6 ? this.#favourite ** 1.6 : Math.random()) * kinds.length))];
      if (tap) {
        items.push({ type: "reaction", kind, count });
        this.#sum.reactions += count;
      } else if (!this.#reacted.has(kind)) {
        this.#reacted.add(kind);
        items.push({ type: "reaction", kind, count: 1 });
        this.#sum.reactions++;
      }
      this.#owed -= count;
    }
    if (performance.now() > this.#nextComment) {
      items.push({ type: "comment", text: comment(), key: `a-${Math.random().toString(36).slice(2)}` });
      this.#sum.comments++;
      this.#nextComment = performance.now() + secondsPerComment[mood] * 1000 * -Math.log(1 - Math.random());
    }
    for (const poll of polls) {
      if (this.#voted.has(poll.id) || Math.random() > 0.04) continue;
      this.#voted.add(poll.id);
      items.push({ type: "vote", poll: poll.id, choice: Math.floor(this.#favourite ** 1.3 * poll.choices) });
    }
    if (items.length) this.#socket.send(JSON.stringify({ t: "send", ref: ++this.#ref, items }));
  }
}
