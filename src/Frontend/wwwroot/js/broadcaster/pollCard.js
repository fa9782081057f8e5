// Asking everyone. The poll itself, with its votes and its end, stands where viewers see it.
import { button, el, input } from "../parts/dom.js";
import { form } from "../parts/form.js";
import { accepted } from "../parts/words.js";
import { randomId } from "../session.js";

const least = 2, most = 8;

export function pollCard(stream) {
  const question = input({ id: "poll-question", placeholder: "Who wins?", maxLength: 500, required: true, attrs: { "aria-label": "Question" } });
  const choices = el("div", { class: "stack", id: "poll-choices" });
  const add = button("One more choice", () => addChoice().focus(), { class: "slim" });
  const addChoice = () => {
    const count = choices.childElementCount + 1;
    const choice = input({ maxLength: 200, required: count <= least, placeholder: `Choice ${count}`, attrs: { "aria-label": `Choice ${count}` } });
    choices.append(choice);
    add.hidden = count >= most;
    return choice;
  };
  for (let i = 0; i < least; i++) addChoice();
  return el("section", { class: "card", attrs: { "aria-labelledby": "poll-title" } }, el("h3", { id: "poll-title" }, "Poll"),
    form({ class: "stack", id: "poll" }, async node => {
      const texts = [...choices.children].map(choice => choice.value.trim()).filter(Boolean);
      accepted(await stream.poll({ id: `p-${randomId(8)}`, question: question.value.trim(), choices: texts }));
      node.reset();
    }, question, choices, el("div", { class: "row" }, el("button", { class: "button primary" }, "Ask"), add)));
}
