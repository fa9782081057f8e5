// What can be done with a comment: one menu for all rows.
import { el, placeBelow } from "../parts/dom.js";
import { guarded } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { accepted } from "../parts/words.js";

export class CommentMenu {
  node = el("div", { class: "menu", popover: "auto", attrs: { role: "menu", "aria-label": "Actions" } });
  #stream; #session; #can; #reply; #ban; #anchor = null;

  /** `reply(comment)` and `ban(user, name)` go on elsewhere. */
  constructor(stream, session, can, { reply, ban }) {
    this.#stream = stream;
    this.#session = session;
    this.#can = can;
    this.#reply = reply;
    this.#ban = ban;
    this.node.addEventListener("keydown", event => this.#moved(event));
    this.node.addEventListener("toggle", event => {
      const open = event.newState === "open";
      this.#anchor?.setAttribute("aria-expanded", String(open));
      if (!open && this.node.contains(document.activeElement)) this.#anchor?.focus();
    });
  }

  open(anchor, comment) {
    const mine = comment.user === this.#session.who?.sub;
    const actions = [
      this.#can.takePart() && ["Reply", () => this.#reply(comment)],
      this.#can.moderate() && ["Pin", async () => accepted(await this.#stream.pin(comment.id))],
      (mine || this.#can.moderate()) && this.#can.send() && ["Delete", async () => accepted(await this.#stream.delete(comment.id)), "danger"],
      !mine && this.#can.moderate() && [`Ban ${comment.name || comment.user} …`, () => this.#ban(comment.user, comment.name), "danger"],
    ].filter(Boolean);
    if (actions.length === 0) return toast(this.#can.send() ? "You can’t answer at the moment." : "Join to answer.");
    this.#anchor = anchor;
    this.node.replaceChildren(...actions.map(([text, act, kind]) => el("button", { type: "button", class: kind ?? "", attrs: { role: "menuitem" }, on: { click: guarded(async () => {
      this.node.hidePopover();
      await act();
    }, toast) } }, text)));
    this.node.showPopover();
    placeBelow(this.node, anchor);
    this.node.firstElementChild.focus();
  }

  #moved(event) {
    const items = [...this.node.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  }
}
