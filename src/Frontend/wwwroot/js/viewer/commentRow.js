// One comment as a row. Six elements, one button: what can be done is in a menu that all rows share.
import { avatar, el } from "../parts/dom.js";
import { time } from "../parts/words.js";

const quotedLength = 80;

/** `parent`: the comment it answers, where it is known. */
export function commentRow(comment, { parent, mine, host }) {
  const name = comment.name || comment.user;
  const quote = comment.replyTo && el("button", { type: "button", class: "quote", tabIndex: -1, data: { to: comment.replyTo } }, parent ? `${parent.name || parent.user}: ${parent.text.slice(0, quotedLength)}` : "an earlier comment");
  return el("li", { class: mine ? "comment mine" : "comment", data: { id: comment.id } },
    avatar(comment.user, name),
    el("div", {},
      el("header", {}, el("b", { title: comment.user }, name), host && el("span", { class: "tag" }, "host"), el("time", { dateTime: new Date(comment.at).toISOString() }, time(comment.at))),
      quote,
      el("p", {}, comment.text)),
    el("button", { type: "button", class: "more", tabIndex: -1, attrs: { "aria-label": `Actions for ${name}: ${comment.text.slice(0, quotedLength)}`, "aria-haspopup": "menu", "aria-expanded": "false" } }, "⋯"));
}
