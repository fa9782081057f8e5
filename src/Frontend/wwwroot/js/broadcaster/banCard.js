// The list of bans: who, until when, and a way back.
import { avatar, button, el, input, setText } from "../parts/dom.js";
import { form, guarded } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { accepted, plural, say, until } from "../parts/words.js";

export class BanCard {
  #stream; #bans; #names; #live = false;
  #note = el("p", { class: "quiet small" });
  #list = el("ul", { class: "people", id: "banned" });
  #more = button("Show more", () => this.#bans.more(), { class: "slim", hidden: true });
  #problem = el("p", { class: "problem", attrs: { role: "alert" } });

  /** `names`: what users are called, as far as this page has heard. */
  constructor(stream, bans, names) {
    this.#stream = stream;
    this.#bans = bans;
    this.#names = names;
    const user = input({ placeholder: "user id", required: true, maxLength: 64, id: "unban-user", attrs: { "aria-label": "User to unban" } });
    this.node = el("section", { class: "card", attrs: { "aria-labelledby": "banned-title" } },
      el("h3", { id: "banned-title" }, "Banned"), this.#note, this.#list, this.#more, this.#problem,
      el("details", {}, el("summary", {}, "Lift a ban by id"), form({ class: "stack" }, async () => {
        await this.#unban(user.value.trim());
        user.value = "";
      }, el("div", { class: "row" }, user, el("button", { class: "button", id: "unban" }, "Unban")))));
  }

  update({ status }) {
    this.#live = status === "live";
    for (const control of this.node.querySelectorAll("li button, form button")) if (control.disabled === this.#live) control.disabled = !this.#live;
  }

  show() {
    const { known, hasMore, problem } = this.#bans;
    setText(this.#note, known.length ? `${plural(known.length, "person", "people")}${hasMore ? ", and more" : ""}` : "Nobody.");
    setText(this.#problem, problem ? `The list of bans did not come. ${say(problem)}` : "");
    this.#note.hidden = problem !== null && known.length === 0;
    this.#more.hidden = !hasMore;
    // The focus stays in the list when the row that had it goes.
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.closest("li").dataset.user : null;
    this.#list.hidden = known.length === 0;
    this.#list.replaceChildren(...known.map(ban => this.#row(ban)));
    if (focused === null) return;
    const rows = [...this.#list.children];
    (rows.find(row => row.dataset.user >= focused) ?? rows.at(-1))?.querySelector("button").focus({ preventScroll: true });
  }

  #row({ user, until: end, shadow }) {
    const name = this.#names.of(user);
    return el("li", { data: { user } }, avatar(user, name),
      el("span", { title: user }, name, el("small", { class: "quiet" }, `${end === null ? "until it is lifted" : `until ${until(end)}`}${shadow ? " · shadow" : ""}`)),
      button("Unban", guarded(() => this.#unban(user), toast), { class: "slim", disabled: !this.#live, attrs: { "aria-label": `Unban ${name}` } }));
  }

  async #unban(user) {
    accepted(await this.#stream.unban(user));
    this.#bans.lifted(user);
    toast(`${this.#names.of(user)} may take part again.`);
  }
}
