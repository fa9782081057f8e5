// Why the stream can't be watched, and what to do about it.
import { button, el } from "../parts/dom.js";
import { tokenForm, tryForm } from "../parts/identity.js";
import { say } from "../parts/words.js";

const titles = { not_found: "There is no such stream", unauthorized: "Your token was refused", forbidden: "This stream is not open to you" };

export function trouble(problem, stream, session) {
  const { code } = problem;
  const content = [el("h1", {}, titles[code] ?? "The connection is closed")];
  if (code === "not_found") {
    content.push(el("p", { class: "quiet" }, "Nobody has made ", el("b", {}, stream.id), " yet, or it was deleted."),
      el("div", { class: "row" }, el("a", { class: "button primary", href: "#/" }, "All streams"), el("a", { class: "button", href: "#/new" }, "Go live yourself")));
  } else if (code === "unauthorized" || code === "forbidden") {
    content.push(el("p", { class: "quiet" }, session.who ? say(problem) : "A token is needed to watch it."),
      session.who ? el("div", { class: "row" }, button("Watch without a name", () => session.leave(), { id: "refused-leave" })) : null,
      tryForm(session, "Join with a new one"), tokenForm(session));
  } else {
    content.push(el("p", { class: "quiet" }, say(problem)), el("div", { class: "row" }, button("Connect again", () => stream.open(), { class: "primary" })));
  }
  return el("main", { class: "narrow", id: "trouble", data: { code } }, ...content.filter(Boolean));
}
