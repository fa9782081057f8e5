// Top right: who one is; a token of one's own; leaving.
import { avatar, button, el, field, input, placeBelow } from "./dom.js";
import { form } from "./form.js";
import { randomName } from "../session.js";

export function identityMenu(root, session) {
  const sheet = el("div", { class: "sheet stack", id: "identity-sheet", popover: "auto", attrs: { role: "dialog", "aria-label": "Who you are" } });
  const opener = el("button", { type: "button", class: "who", id: "who", popoverTargetElement: sheet, attrs: { "aria-haspopup": "dialog" } });
  sheet.addEventListener("toggle", event => {
    if (event.newState === "open") placeBelow(sheet, opener);
  });

  const show = () => {
    const { who } = session;
    sheet.matches(":popover-open") && sheet.hidePopover();
    opener.replaceChildren(...(who ? [avatar(who.sub, who.name), el("b", {}, who.name), el("span", { class: "unseen" }, `, ${who.role}`)] : [el("span", { class: "avatar tone-1", attrs: { "aria-hidden": "true" } }, "?"), el("b", {}, "Sign in")]));
    sheet.replaceChildren(...(who ? whoIs(session) : signIn(session)));
  };
  session.addEventListener("change", show);
  session.addEventListener("role", show);
  root.append(opener, sheet);
  show();
}

const whoIs = session => [
  el("p", {}, el("strong", {}, session.who.name), el("br"), el("span", { class: "quiet small" }, `${session.who.role} · ${session.who.sub}`)),
  button("Watch without a name", () => session.leave(), { class: "slim", id: "leave" }),
];

const signIn = session => [tryForm(session), tokenForm(session)];

/** A name, and one is in: where the service gives tokens to try with. */
export function tryForm(session, label = "Join") {
  const name = input({ value: randomName(), maxLength: 40, required: true, name: "name" });
  return form({ class: "stack" }, () => session.tryAs(name.value), field("Your name", name), el("button", { class: "button primary" }, label));
}

/** For a real deployment: the token that one's own site gave. */
export function tokenForm(session) {
  const token = input({ type: "password", required: true, name: "token", placeholder: "eyJ…" });
  return el("details", {}, el("summary", {}, "I have a token"),
    form({ class: "stack" }, () => session.useToken(token.value), field("Token", token, "It stays in this tab."), el("button", { class: "button slim" }, "Use it")));
}
