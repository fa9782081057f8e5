// A form whose failure is said in words right in it.
import { el } from "./dom.js";
import { say } from "./words.js";

/** `submit` gets the form; while it runs the form can't be sent again; what it throws is said below the fields. */
export function form(props, submit, ...children) {
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const node = el("form", { ...props, class: props?.class ?? "stack" }, ...children, problem);
  node.noValidate = false;
  let busy = false;
  node.addEventListener("submit", async event => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    problem.textContent = "";
    try {
      await submit(node, event.submitter);
    } catch (error) {
      problem.textContent = say(error);
    } finally {
      busy = false;
    }
  });
  return node;
}

/** Runs an action of a button; what it throws goes to `tell`. */
export const guarded = (action, tell) => async event => {
  try {
    await action(event);
  } catch (error) {
    tell(say(error));
  }
};
