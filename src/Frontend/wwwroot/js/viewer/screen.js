// What stands on the stage: live or not, how many watch, how fast they react, how the connection is, cues, and what there
// is to say when nothing runs.
import { el, setText, svg } from "../parts/dom.js";
import { eye } from "../parts/icons.js";
import { ago, duration, number, plural, say, seconds, short } from "../parts/words.js";
import { Stage } from "./stage.js";
import { CueBanner } from "./cues.js";

const heard = { idle: "", connecting: "", paused: "Paused", closed: "Disconnected", live: "Connected", reconnecting: "The connection is lost and will come back by itself" };
const statusWords = { live: "live", created: "not started", ended: "ended" };

export class Screen {
  #stage; #stream; #client; #can; #cue = new CueBanner();
  #badge = el("span", { class: "badge", id: "status" });
  #viewers = el("b", { id: "viewers" }, "0");
  #clock = el("span", { class: "chip", hidden: true });
  #rate = el("span", { class: "chip", id: "rate", hidden: true });
  #link = el("span", { class: "chip connection", id: "connection" });
  // Read out when it changes, not with every second of the countdown.
  #heard = el("span", { class: "unseen", attrs: { role: "status" } });
  #message = el("div", { class: "stage-say", hidden: true });
  #strip = el("p", { class: "stage-strip", id: "lost", hidden: true });
  #said = ""; #counted = 0; #countedAt = performance.now(); #timer; #offs;

  constructor(stream, client, can) {
    this.#stream = stream;
    this.#client = client;
    this.#can = can;
    this.#stage = new Stage(stream.id);
    this.node = this.#stage.node;
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Stage");
    this.node.append(
      el("div", { class: "stage-top" }, this.#badge, this.#chipOfViewers(), this.#clock, this.#link),
      this.#message, this.#heard,
      el("div", { class: "stage-bottom" }, this.#rate), this.#strip,
      this.#cue.node);
    this.#offs = [
      stream.on("reaction", ({ kind, count }) => {
        this.#counted += count;
        this.#stage.react(kind, count);
      }),
      stream.on("cue", cue => this.#cue.show(cue)),
    ];
    this.#timer = setInterval(() => this.#tick(), 500);
  }

  #chipOfViewers() {
    const word = el("span", { class: "unseen" }, " watching");
    return el("span", { class: "chip" }, svg(eye), el("span", {}, this.#viewers, word));
  }

  update(state) {
    const status = state.status ?? "created";
    this.#badge.hidden = state.status === null;
    setText(this.#badge, statusWords[status]);
    this.#badge.className = `badge ${status}`;
    setText(this.#viewers, number(state.viewers));
    this.#stage.rest(status !== "live" || state.connection === "closed" || state.connection === "reconnecting");
    this.#showLink(state);
    this.#say(state);
  }

  close() {
    clearInterval(this.#timer);
    for (const off of this.#offs) off();
    this.#stage.close();
    this.#cue.close();
  }

  #tick() {
    const { state } = this.#stream;
    const now = performance.now();
    const rate = (this.#counted * 1000) / Math.max(1, now - this.#countedAt);
    this.#counted = 0;
    this.#countedAt = now;
    this.#rate.hidden = rate < 1;
    setText(this.#rate, `${short(Math.round(rate))} reactions a second`);
    this.#clock.hidden = state.status !== "live" || !state.startedAt;
    if (!this.#clock.hidden) setText(this.#clock, duration(Date.now() + (this.#client.clockOffsetMs ?? 0) - state.startedAt));
    this.#showLink(state);
  }

  #showLink(state) {
    const { connection, retryAt, transport } = state;
    const words = {
      idle: "Not connected", connecting: "Connecting …", paused: "Paused", closed: "Disconnected",
      live: transport === "sse" ? "Connected (events)" : "Connected",
      reconnecting: retryAt && retryAt > Date.now() ? `Reconnecting in ${seconds(retryAt - Date.now())}` : "Reconnecting …",
    };
    setText(this.#link, words[connection]);
    setText(this.#heard, heard[connection]);
    this.#strip.hidden = connection !== "reconnecting" || state.position === null;
    setText(this.#strip, `The connection is lost. ${words.reconnecting}${words.reconnecting.endsWith("…") ? "" : "."} What you miss is brought along then.`);
    this.#link.className = `chip connection ${connection === "live" ? "" : connection === "closed" ? "lost" : "wait"}`;
  }

  #say(state) {
    const [key, ...content] = this.#words(state);
    if (key === this.#said) return;
    this.#said = key;
    this.#message.hidden = key === "";
    this.#message.replaceChildren(...content);
  }

  #words({ status, connection, problem, startedAt, endedAt, totals, position }) {
    if (connection === "closed" && problem) return [`closed ${problem.code}`, el("strong", {}, "The connection is closed"), el("p", {}, say(problem))];
    if (position === null) return connection === "reconnecting" ? ["reconnecting", el("strong", {}, "Can’t reach the service"), el("p", {}, "It is tried again by itself.")] : ["first", el("p", {}, "Connecting …")];
    if (status === "created") return this.#can.broadcast()
      ? ["ready", el("strong", {}, "All is ready"), el("p", {}, "Start it from your desk below when you are.")]
      : ["created", el("strong", {}, "It has not started yet"), el("p", {}, "Stay here: this page goes on by itself when it does.")];
    if (status !== "ended") return [""];
    const all = Object.values(totals).reduce((sum, count) => sum + count, 0);
    const figure = (term, value) => el("div", {}, el("dt", {}, term), el("dd", {}, value));
    return [`ended ${all}`, el("strong", {}, "That was it"), el("p", {}, endedAt ? `The stream ended ${ago(endedAt)}.` : "The stream has ended."),
      el("dl", {}, startedAt && endedAt ? figure("Length", duration(endedAt - startedAt)) : null, figure(plural(all, "Reaction").replace(/^\S+ /, ""), number(all)))];
  }
}
