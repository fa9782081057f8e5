// The front door: what this is, and what is live.
import { el, input } from "../parts/dom.js";
import { form } from "../parts/form.js";
import { StreamList } from "./streamList.js";
import { Stage } from "../viewer/stage.js";
import { suggested } from "../parts/kinds.js";

export function landing(root, session) {
  const list = new StreamList(session);
  const watchNow = el("a", { class: "button large", id: "watch-now", href: "#/", hidden: true }, "Watch");
  list.onchange = live => {
    watchNow.hidden = live.length === 0;
    if (live.length) watchNow.href = `#/s/${live[0].id}`;
  };

  const stage = new Stage("front-door");
  stage.node.setAttribute("aria-hidden", "true");
  stage.rest(false);
  const murmur = setInterval(() => stage.react(suggested[Math.floor(Math.random() * 5)], 1 + Math.floor(Math.random() * 3)), 260);

  const id = input({ placeholder: "match-7", pattern: "[A-Za-z0-9_\\-]{1,64}", required: true, id: "open-id", title: "1–64 letters, digits, _ and -", attrs: { "aria-label": "A stream’s id" } });
  document.title = "Interactions";
  root.append(el("main", { class: "landing" },
    el("section", { class: "hero" },
      el("div", { class: "stack" },
        el("h1", {}, "Everyone who watches, ", el("em", {}, "together.")),
        el("p", { class: "lead" }, "Reactions, comments and polls on a live stream. What one viewer does, all the others see within a tenth of a second."),
        el("div", { class: "row" }, el("a", { class: "button primary large", id: "go-live", href: "#/new" }, "Go live"), watchNow)),
      stage.node),
    el("section", { attrs: { "aria-labelledby": "streams-title" } },
      el("div", { class: "section-head" },
        el("h2", { id: "streams-title" }, "Streams"),
        form({ class: "row", id: "open" }, () => { location.hash = `#/s/${id.value}`; }, id, el("button", { class: "button" }, "Open"))),
      list.node),
    el("section", { class: "creed", attrs: { "aria-label": "How it works" } },
      el("p", {}, el("b", {}, "A stream is a log."), "Every reaction and comment is ordered and stored before it is shown."),
      el("p", {}, el("b", {}, "A node folds it."), "Every server that has the stream open arrives at the same state."),
      el("p", {}, el("b", {}, "A viewer is a cursor."), "Whoever was cut off goes on where they were. Nothing is missed, nothing comes twice."))));
  list.start();

  return () => {
    clearInterval(murmur);
    list.stop();
    stage.close();
  };
}

