// The comment that a moderator holds up.
import { button, el, svg } from "../parts/dom.js";
import { guarded } from "../parts/form.js";
import { pin } from "../parts/icons.js";
import { toast } from "../parts/toast.js";
import { accepted } from "../parts/words.js";

export class Pinned {
  node = el("section", { class: "pinned", id: "pinned", hidden: true, attrs: { "aria-label": "Pinned comment" } });
  #stream; #can; #shown; #may;

  constructor(stream, can) {
    this.#stream = stream;
    this.#can = can;
  }

  update({ pinned }) {
    const may = this.#can.moderate();
    if (pinned === this.#shown && may === this.#may) return;
    this.#shown = pinned;
    this.#may = may;
    this.node.hidden = !pinned;
    if (!pinned) return this.node.replaceChildren();
    this.node.replaceChildren(...[
      svg(pin),
      el("p", {}, el("b", {}, pinned.name || pinned.user), " ", pinned.text),
      may ? button("Unpin", guarded(async () => accepted(await this.#stream.unpin()), toast), { class: "slim" }) : null,
    ].filter(Boolean));
  }
}
