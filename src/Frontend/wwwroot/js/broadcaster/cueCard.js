// Saying that something happened.
import { button, el, input } from "../parts/dom.js";
import { form, guarded } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { accepted } from "../parts/words.js";

const ready = ["Goal!", "Half-time", "Encore"];

export function cueCard(stream) {
  const name = input({ id: "cue-name", placeholder: "Goal!", maxLength: 64, required: true, attrs: { "aria-label": "What happened" } });
  const data = input({ id: "cue-data", placeholder: "2 : 1, or JSON", maxLength: 500, attrs: { "aria-label": "More about it" } });
  const send = async (cue, more) => accepted(await stream.cue(cue, more));
  return el("section", { class: "card", attrs: { "aria-labelledby": "cue-title" } }, el("h3", { id: "cue-title" }, "Cue"),
    el("p", { class: "quiet small" }, "Shown large to everyone, at once."),
    form({ class: "stack", id: "cue" }, async () => {
      await send(name.value, read(data.value));
      name.value = data.value = "";
    }, el("div", { class: "row" }, name, data, el("button", { class: "button" }, "Cue"))),
    el("div", { class: "row" }, ready.map(cue => button(cue, guarded(() => send(cue), toast), { class: "slim" }))));
}

/** JSON where it is JSON, else the text as it is. */
function read(text) {
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
