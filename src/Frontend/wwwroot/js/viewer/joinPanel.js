// For who watches without a name: one click and one takes part.
import { el, field, input } from "../parts/dom.js";
import { form } from "../parts/form.js";
import { tokenForm } from "../parts/identity.js";
import { randomName } from "../session.js";

export function joinPanel(session) {
  const name = input({ id: "join-name", value: randomName(), maxLength: 40, required: true });
  return el("section", { class: "stack", id: "join", attrs: { "aria-label": "Join" } },
    form({ class: "join" }, () => session.tryAs(name.value),
      el("p", {}, el("b", {}, "You are watching without a name."), " Join to react, comment and vote."),
      field("Your name", name), el("button", { class: "button primary", id: "join-button" }, "Join")),
    tokenForm(session));
}
