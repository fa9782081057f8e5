// The reactions: large buttons with what everyone has sent so far.
import { el, setText } from "../parts/dom.js";
import { icon } from "../parts/kinds.js";
import { number } from "../parts/words.js";

export class ReactionBar {
  node = el("div", { class: "reactions", id: "reactions", attrs: { role: "group", "aria-label": "React" } });
  #stream; #can; #kinds = null; #tap = true; #buttons = new Map(); #mine = new Set();

  constructor(stream, can) {
    this.#stream = stream;
    this.#can = can;
    this.node.addEventListener("click", event => {
      const pressed = event.target.closest("button");
      if (pressed) this.#press(pressed);
    });
  }

  /** Kinds that this user has sent, where each counts once. */
  mine(kinds) {
    this.#mine = new Set(kinds);
    for (const [kind, { button }] of this.#buttons) if (!this.#tap) button.setAttribute("aria-pressed", String(this.#mine.has(kind)));
  }

  update({ settings, shown, status, connection }) {
    if (settings && (settings.reactions !== this.#kinds || settings.tap !== this.#tap)) this.#build(settings);
    const open = status === "live" && this.#can.takePart() && connection !== "closed";
    for (const [kind, { button, count }] of this.#buttons) {
      setText(count, number(shown[kind] ?? 0));
      if (button.disabled === open) button.disabled = !open;
    }
  }

  #build({ reactions, tap }) {
    this.#kinds = reactions;
    this.#tap = tap;
    this.#buttons.clear();
    this.node.replaceChildren(...reactions.map(kind => {
      const count = el("b", {}, "0");
      const button = el("button", { type: "button", class: "reaction", disabled: true, data: { kind } }, icon(kind), count, el("span", { class: "roomy" }, kind));
      if (!tap) button.setAttribute("aria-pressed", String(this.#mine.has(kind)));
      this.#buttons.set(kind, { button, count });
      return button;
    }));
  }

  #press(button) {
    const { kind } = button.dataset;
    if (this.#tap) {
      this.#stream.react(kind);
    } else {
      const back = this.#mine.has(kind);
      if (back) this.#mine.delete(kind);
      else this.#mine.add(kind);
      button.setAttribute("aria-pressed", String(!back));
      this.#stream.react(kind, back ? 0 : 1);
    }
    button.classList.remove("hit");
    requestAnimationFrame(() => button.classList.add("hit"));
  }
}
