// Tells a screen reader what is new, now and then and in one sentence: not every comment of a busy stream.
import { el } from "../parts/dom.js";
import { plural } from "../parts/words.js";

const everyMs = 6000;

export class Announcer {
  node = el("p", { class: "unseen", id: "announcer", attrs: { "aria-live": "polite" } });
  #count = 0; #last = null; #timer = 0; #saidAt = 0;

  heard(comments) {
    if (comments.length === 0) return;
    this.#count += comments.length;
    this.#last = comments.at(-1);
    if (this.#timer) return;
    this.#timer = setTimeout(() => this.#tell(), Math.max(300, this.#saidAt + everyMs - performance.now()));
  }

  close() {
    clearTimeout(this.#timer);
  }

  #tell() {
    this.#timer = 0;
    this.#saidAt = performance.now();
    const { name, user, text } = this.#last;
    const said = `${name || user}: ${text.slice(0, 120)}`;
    this.node.textContent = this.#count === 1 ? said : `${plural(this.#count, "new comment")}. The last from ${said}`;
    this.#count = 0;
  }
}
