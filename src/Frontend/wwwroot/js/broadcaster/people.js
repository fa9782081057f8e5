// Who is here, and who is banned.
import { avatar, button, el, input, setText } from "../parts/dom.js";
import { form, guarded } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { plural } from "../parts/words.js";

const mostShown = 100;

export class People {
  #session; #bans; #shown = null;
  #list = el("ul", { class: "people", id: "roster" });
  #note = el("p", { class: "quiet small" });
  #banned = el("ul", { class: "people", id: "banned" });

  constructor(session, bans) {
    this.#session = session;
    this.#bans = bans;
    bans.onchange = () => this.#showBanned();
    const user = input({ placeholder: "user id", required: true, maxLength: 64, id: "unban-user", attrs: { "aria-label": "User to unban" } });
    this.node = el("section", { class: "card", attrs: { "aria-labelledby": "people-title" } },
      el("h3", { id: "people-title" }, "Who is here"), this.#note, this.#list, this.#banned,
      el("details", {}, el("summary", {}, "Lift a ban by id"), form({ class: "stack" }, async () => {
        await bans.unban(user.value.trim());
        user.value = "";
      }, el("div", { class: "row" }, user, el("button", { class: "button", id: "unban" }, "Unban")))));
    this.#showBanned();
  }

  update({ roster, viewers }) {
    if (roster === null) setText(this.#note, `${plural(viewers, "connection")}. No list: the room is large, or it is off.`);
    if (roster === this.#shown) return;
    this.#shown = roster;
    if (roster !== null) setText(this.#note, plural(roster.length, "person", "people") + (roster.length > mostShown ? `, ${mostShown} shown` : ""));
    this.#list.hidden = !roster?.length;
    this.#list.replaceChildren(...(roster ?? []).slice(0, mostShown).map(({ user, name }) => el("li", {},
      avatar(user, name), el("span", { title: user }, name || user),
      user === this.#session.who?.sub ? el("span", { class: "quiet small" }, "you") : button("Ban", () => this.#bans.open(user, name), { class: "slim", attrs: { "aria-label": `Ban ${name || user}` } }))));
  }

  #showBanned() {
    this.#banned.hidden = this.#bans.banned.size === 0;
    this.#banned.replaceChildren(...[...this.#bans.banned].map(([user, name]) => el("li", {},
      avatar(user, name), el("span", { title: user }, `${name} (banned)`),
      button("Unban", guarded(() => this.#bans.unban(user), toast), { class: "slim", attrs: { "aria-label": `Unban ${name}` } }))));
  }
}
