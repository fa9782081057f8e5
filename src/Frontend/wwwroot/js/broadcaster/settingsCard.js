// What can be changed while it runs.
import { button, check, el, field, input, setText } from "../parts/dom.js";
import { form } from "../parts/form.js";
import { toast } from "../parts/toast.js";

export class SettingsCard {
  #shown = null;
  #title = input({ id: "set-title", maxLength: 200 });
  #slow = input({ id: "set-slow", type: "number", min: 0, max: 3600 });
  #longest = input({ id: "set-longest", type: "number", min: 1, max: 5000 });
  #kinds = input({ id: "set-kinds", required: true });
  #tap = check("Tapped again and again", { id: "set-tap" });
  #roster = check("Show who is here", { id: "set-roster" });
  #now = el("span", { class: "quiet small" });

  constructor(stream) {
    const quick = [0, 5, 30].map(seconds => button(seconds ? `${seconds} s` : "Off", async () => {
      this.#slow.value = seconds;
      this.#form.requestSubmit();
    }, { class: "slim" }));
    this.#form = form({ class: "stack", id: "settings" }, async () => {
      await stream.configure({
        title: this.#title.value, slowModeSeconds: Number(this.#slow.value), maxCommentLength: Number(this.#longest.value),
        reactions: [...new Set(this.#kinds.value.split(",").map(kind => kind.trim()).filter(Boolean))], tap: this.#tap.firstChild.checked, roster: this.#roster.firstChild.checked,
      });
      toast("Changed.");
    },
      el("div", { class: "row", attrs: { role: "group", "aria-label": "Slow mode" } }, el("b", {}, "Slow mode"), ...quick, this.#now),
      el("details", {}, el("summary", {}, "All settings"), el("div", { class: "stack" }, field("Title", this.#title), field("Slow mode, seconds", this.#slow), field("Longest comment", this.#longest), field("Reactions", this.#kinds, "With commas between."), this.#tap, this.#roster, el("button", { class: "button primary" }, "Save"))));
    this.node = el("section", { class: "card", attrs: { "aria-labelledby": "settings-title" } }, el("h3", { id: "settings-title" }, "Settings"), this.#form);
  }

  #form;

  update({ settings, title }) {
    if (!settings || (settings === this.#shown?.settings && title === this.#shown?.title)) return;
    this.#shown = { settings, title };
    setText(this.#now, settings.slowModeSeconds ? `now ${settings.slowModeSeconds} s` : "now off");
    // What is being typed is not overwritten.
    if (this.node.querySelector("details").contains(document.activeElement)) return;
    this.#title.value = title;
    this.#slow.value = settings.slowModeSeconds;
    this.#longest.value = settings.maxCommentLength;
    this.#kinds.value = settings.reactions.join(", ");
    this.#tap.firstChild.checked = settings.tap;
    this.#roster.firstChild.checked = settings.roster;
  }
}
