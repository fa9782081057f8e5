// An audience to borrow (Auth:Dev): viewers with tokens of their own who watch, tap, talk and vote through the real service.
// They live in a worker, so that they do not slow down the page that shows them.
import { el, field, setText } from "../parts/dom.js";
import { number } from "../parts/words.js";
import { service } from "../session.js";
import { guest } from "./lines.js";

const moods = ["dozing", "relaxed", "lively", "excited", "ecstatic"];

export class AudienceCard {
  #stream; #session; #worker = null; #told = null; #people = "";
  #toggle = el("button", { type: "button", class: "button primary", id: "audience", on: { click: () => (this.#worker ? this.#stop() : this.#start()) } }, "Bring an audience");
  #size = el("input", { type: "range", min: 5, max: 50, step: 5, value: 30, id: "audience-size", on: { input: () => this.#adjust() } });
  #mood = el("input", { type: "range", min: 0, max: 4, value: 2, id: "audience-mood", on: { input: () => this.#adjust() } });
  #sizeText = el("small"); #moodText = el("small");
  #here = el("b", {}, "0"); #sent = el("b", {}, "0"); #said = el("b", {}, "0");
  #problem = el("p", { class: "problem", attrs: { role: "alert" } });
  #figures = el("div", { class: "audience-figures", hidden: true },
    el("div", {}, this.#here, el("span", { class: "quiet small" }, "here")), el("div", {}, this.#sent, el("span", { class: "quiet small" }, "reactions")), el("div", {}, this.#said, el("span", { class: "quiet small" }, "comments")));

  constructor(stream, session) {
    this.#stream = stream;
    this.#session = session;
    this.node = el("section", { class: "card", attrs: { "aria-labelledby": "audience-title" } }, el("h3", { id: "audience-title" }, "Audience"),
      el("p", { class: "quiet small" }, "Nobody here yet? Borrow some viewers: they are simulated in this browser, but go through the real service."),
      labelled("How many", this.#size, this.#sizeText), labelled("How lively", this.#mood, this.#moodText), this.#figures, this.#problem, this.#toggle);
    this.#adjust();
  }

  update(state) {
    const { status, settings, polls } = state;
    this.#toggle.disabled = status !== "live";
    if (status !== "live" && this.#worker) this.#stop();
    if (this.#worker) this.#tellPeople(state);
    // The worker's viewers do not read what they are sent: they are told what there is to tap and vote on.
    if (!this.#worker || (this.#told?.settings === settings && this.#told?.polls === polls)) return;
    this.#told = { settings, polls };
    this.#worker.postMessage({ t: "scene", kinds: settings?.reactions ?? [], tap: settings?.tap ?? true, polls: polls.filter(poll => poll.open).map(({ id, choices }) => ({ id, choices: choices.length })) });
  }

  close() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start() {
    setText(this.#problem, "");
    this.#told = null;
    this.#people = "";
    const worker = this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.t === "figures") {
        setText(this.#here, number(data.here));
        setText(this.#sent, number(data.reactions));
        setText(this.#said, number(data.comments));
      } else if (data.t === "problem") {
        setText(this.#problem, data.text);
      }
    };
    worker.onerror = () => setText(this.#problem, "The audience could not be started.");
    worker.postMessage({ t: "start", service: service.href, stream: this.#stream.id });
    this.#tellPeople(this.#stream.state);
    this.#figures.hidden = false;
    setText(this.#toggle, "Send them home");
    this.#adjust();
    this.update(this.#stream.state);
  }

  #stop() {
    this.#worker.postMessage({ t: "stop" });
    // They say goodbye first; then the worker has nothing to do any more.
    setTimeout(worker => worker.terminate(), 1000, this.#worker);
    this.#worker = null;
    this.#figures.hidden = true;
    setText(this.#toggle, "Bring an audience");
  }

  /** What people are called, so that nobody of the audience has the name of one. */
  #tellPeople({ roster, comments }) {
    const names = new Set([this.#session.who.name]);
    for (const { user, name } of [...(roster ?? []), ...comments]) if (name && !user.startsWith(guest)) names.add(name);
    const people = JSON.stringify([...names]);
    if (people === this.#people) return;
    this.#people = people;
    this.#worker.postMessage({ t: "people", names: [...names] });
  }

  #adjust() {
    const size = Number(this.#size.value), mood = Number(this.#mood.value);
    setText(this.#sizeText, `${size} viewers`);
    setText(this.#moodText, moods[mood]);
    this.#mood.setAttribute("aria-valuetext", moods[mood]);
    this.#worker?.postMessage({ t: "adjust", size, mood });
  }
}

const labelled = (label, input, text) => {
  const node = field(label, input);
  node.append(text);
  return node;
};
