// Going live: everything is filled in, so one click does.
import { check, el, field, input } from "../parts/dom.js";
import { form } from "../parts/form.js";
import { icon, suggested } from "../parts/kinds.js";
import { tokenForm } from "../parts/identity.js";
import { randomId, randomName } from "../session.js";

const titles = ["An evening with friends", "The big match", "Open rehearsal", "Questions, and some answers", "Cooking without a plan", "Live from the attic"];

export function newStream(root, session) {
  document.title = "Go live · Interactions";
  const name = input({ name: "name", id: "new-name", value: session.who?.name ?? randomName(), maxLength: 40, required: true });
  const title = input({ name: "title", id: "new-title", value: titles[Math.floor(Math.random() * titles.length)], maxLength: 200 });
  const id = input({ name: "id", id: "new-id", value: `stream-${randomId(4)}`, maxLength: 64, required: true, pattern: "[A-Za-z0-9_\\-]{1,64}", title: "1–64 letters, digits, _ and -" });
  const kinds = suggested.map(kind => {
    const box = el("input", { type: "checkbox", value: kind, checked: suggested.indexOf(kind) < 5 });
    return { box, node: el("label", { class: "kind-choice" }, box, icon(kind), kind) };
  });
  const own = input({ name: "own", id: "new-own", placeholder: "goal, encore", maxLength: 200 });
  const tap = check("Reactions can be tapped again and again", { id: "new-tap", checked: true }, "Off: one of each kind per viewer, which can be taken back.");
  const slow = input({ type: "number", id: "new-slow", min: 0, max: 3600, value: 0 });
  const longest = input({ type: "number", id: "new-longest", min: 1, max: 5000, value: 500 });
  const roster = check("Show who is here while the room is small", { id: "new-roster", checked: true });

  const submit = async (_, submitter) => {
    const settings = {
      title: title.value.trim(),
      reactions: [...new Set([...kinds.filter(kind => kind.box.checked).map(kind => kind.box.value), ...own.value.split(",").map(kind => kind.trim()).filter(Boolean)])],
      tap: tap.firstChild.checked, slowModeSeconds: Number(slow.value), maxCommentLength: Number(longest.value), roster: roster.firstChild.checked,
    };
    if (settings.reactions.length === 0) throw new Error("Choose at least one reaction.");
    if (!session.has("broadcaster")) await session.tryAs(name.value, "broadcaster", { quietly: true });
    const stream = session.client.stream(id.value);
    await stream.configure(settings);
    if (submitter?.value !== "prepare") await stream.start();
    location.hash = `#/s/${id.value}`;
  };

  const view = el("main", { class: "narrow" },
    el("h1", {}, "Go live"),
    form({ class: "stack", id: "create" }, submit,
      session.has("broadcaster") ? null : field("Your name", name),
      field("Title", title),
      el("fieldset", { class: "stack" }, el("legend", { class: "field" }, "Reactions"), el("div", { class: "kinds" }, kinds.map(kind => kind.node))),
      el("details", {}, el("summary", {}, "More settings"),
        el("div", { class: "stack" },
          field("The stream’s id", id, "Its address. Letters, digits, _ and -."),
          field("Reactions of your own", own, "With commas between; 16 kinds in all."),
          tap,
          el("div", { class: "two" }, field("Slow mode, seconds between comments", slow), field("Longest comment, characters", longest)),
          roster)),
      el("div", { class: "row" }, el("button", { class: "button primary large", id: "create-live", value: "live" }, "Start broadcasting"), el("button", { class: "button large", id: "create-only", value: "prepare" }, "Prepare only"))),
    session.has("broadcaster") ? null : tokenForm(session));
  root.append(view);
  return () => {};
}
