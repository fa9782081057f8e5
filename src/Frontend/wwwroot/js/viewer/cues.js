// What the broadcaster says happened: large on the stage for a moment, then in a list.
import { el, setText } from "../parts/dom.js";
import { time } from "../parts/words.js";

const shownMs = 4200;
const kept = 6;

export class CueBanner {
  #name = el("strong"); #data = el("span"); #timer = 0; #leave = 0;
  #box = el("div", { class: "cue", hidden: true }, this.#name, this.#data);
  node = el("div", { attrs: { role: "status", "aria-live": "assertive" } }, this.#box);

  show(cue) {
    clearTimeout(this.#timer);
    clearTimeout(this.#leave);
    this.#box.hidden = true;
    this.#box.classList.remove("leaving");
    setText(this.#name, cue.name);
    setText(this.#data, dataText(cue.data));
    // Shown in the next frame, so that one that follows another enters anew.
    requestAnimationFrame(() => { this.#box.hidden = false; });
    this.#leave = setTimeout(() => this.#box.classList.add("leaving"), shownMs - 400);
    this.#timer = setTimeout(() => { this.#box.hidden = true; }, shownMs);
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#leave);
  }
}

export class CueList {
  node = el("ol", { class: "cue-list", id: "cues", hidden: true, attrs: { "aria-label": "What happened" } });
  #shown = null;

  update({ cues }) {
    if (cues === this.#shown) return;
    this.#shown = cues;
    this.node.hidden = cues.length === 0;
    this.node.replaceChildren(...cues.slice(-kept).reverse().map(cue => {
      const data = dataText(cue.data);
      return el("li", {}, el("span", { class: "quiet number" }, `${time(cue.at)} `), el("b", {}, cue.name), data && ` ${data}`);
    }));
  }
}

/** A cue's data as a short text: what it is when it is text, else its fields. */
function dataText(data) {
  if (data === null || data === undefined) return "";
  if (typeof data !== "object") return String(data).slice(0, 120);
  return Object.entries(data).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ").slice(0, 120);
}
