// Banning: who, for how long, and whether they notice.
import { button, check, el, field } from "../parts/dom.js";
import { form } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { accepted } from "../parts/words.js";

const lengths = [["1 minute", 60], ["10 minutes", 600], ["1 hour", 3600], ["1 day", 86_400], ["until it is lifted", 0]];

export class BanDialog {
  #stream; #user = null; #name = null;
  #title = el("h2", { id: "ban-title" });
  #seconds = el("select", { class: "input", id: "ban-seconds" }, lengths.map(([text, seconds]) => el("option", { value: seconds, selected: seconds === 600 }, text)));
  #shadow = check("Shadow ban", { id: "ban-shadow" }, "They are not told, and their comments are shown to nobody but them.");

  constructor(stream) {
    this.#stream = stream;
    this.node = el("dialog", { class: "dialog", id: "ban", attrs: { "aria-labelledby": "ban-title" } },
      form({ class: "stack" }, () => this.#ban(), this.#title, field("For", this.#seconds), this.#shadow,
        el("div", { class: "row" }, el("button", { class: "button primary", id: "ban-do" }, "Ban"), button("Cancel", () => this.node.close()))));
  }

  open(user, name) {
    this.#user = user;
    this.#name = name || user;
    this.#title.textContent = `Ban ${this.#name}`;
    this.#shadow.firstChild.checked = false;
    this.node.querySelector(".problem").textContent = "";
    this.node.showModal();
  }

  async #ban() {
    const seconds = Number(this.#seconds.value);
    accepted(await this.#stream.ban(this.#user, { shadow: this.#shadow.firstChild.checked, ...(seconds ? { seconds } : {}) }));
    this.node.close();
    toast(`${this.#name} is banned.`);
  }
}
