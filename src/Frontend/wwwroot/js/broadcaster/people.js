// Who is here.
import { avatar, button, el, setText } from "../parts/dom.js";
import { plural } from "../parts/words.js";

const mostShown = 100;

export class People {
  #session; #bans; #dialog; #roster = undefined; #live = false;
  #list = el("ul", { class: "people", id: "roster" });
  #note = el("p", { class: "quiet small" });

  constructor(session, bans, dialog) {
    this.#session = session;
    this.#bans = bans;
    this.#dialog = dialog;
    this.node = el("section", { class: "card", attrs: { "aria-labelledby": "people-title" } }, el("h3", { id: "people-title" }, "Who is here"), this.#note, this.#list);
  }

  update({ roster, viewers, status }) {
    if (roster === null) setText(this.#note, `${plural(viewers, "connection")}. No list: the room is large, or it is off.`);
    if (roster === this.#roster && (status === "live") === this.#live) return;
    this.#roster = roster;
    this.#live = status === "live";
    if (roster !== null) setText(this.#note, plural(roster.length, "person", "people") + (roster.length > mostShown ? `, ${mostShown} shown` : ""));
    this.show();
  }

  show() {
    const roster = this.#roster ?? [];
    this.#list.hidden = roster.length === 0;
    this.#list.replaceChildren(...roster.slice(0, mostShown).map(({ user, name }) => el("li", {}, avatar(user, name), el("span", { title: user }, name || user), this.#mark(user, name))));
  }

  #mark(user, name) {
    if (user === this.#session.who?.sub) return el("span", { class: "quiet small" }, "you");
    if (this.#bans.has(user)) return el("span", { class: "quiet small" }, "banned");
    return button("Ban", () => this.#dialog.open(user, name), { class: "slim", disabled: !this.#live, attrs: { "aria-label": `Ban ${name || user}` } });
  }
}
