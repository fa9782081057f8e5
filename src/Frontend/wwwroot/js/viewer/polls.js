// Polls: the open ones and the last that closed, with bars that grow as votes come in.
import { button, el, setText } from "../parts/dom.js";
import { guarded } from "../parts/form.js";
import { accepted, plural } from "../parts/words.js";

const shownClosed = 1;

export class Polls {
  node = el("div", { class: "polls", id: "polls" });
  #stream; #can; #cards = new Map(); #shown = null; #mine = new Map(); #open = null; #status = null;

  constructor(stream, can) {
    this.#stream = stream;
    this.#can = can;
  }

  /** What this user voted for before. */
  mine(votes) {
    this.#mine = new Map(Object.entries(votes));
    for (const [id, card] of this.#cards) card.mark(this.#mine.get(id));
  }

  update({ polls, status, connection }) {
    const open = status === "live" && connection !== "closed" && this.#can.takePart();
    if (polls === this.#shown && open === this.#open && status === this.#status) return;
    this.#status = status;
    this.#shown = polls;
    this.#open = open;
    const closed = polls.filter(poll => !poll.open).slice(-shownClosed);
    const wanted = polls.filter(poll => poll.open).reverse().concat(closed);
    for (const [id, card] of this.#cards) {
      if (wanted.some(poll => poll.id === id)) continue;
      card.node.remove();
      this.#cards.delete(id);
    }
    wanted.forEach((poll, index) => {
      let card = this.#cards.get(poll.id);
      if (!card) this.#cards.set(poll.id, (card = this.#card(poll)));
      if (this.node.children[index] !== card.node) this.node.insertBefore(card.node, this.node.children[index] ?? null);
      card.update(poll, open, status === "live");
    });
  }

  #card(poll) {
    const problem = el("p", { class: "problem", attrs: { role: "alert" } });
    const tell = text => { problem.textContent = text; };
    const sum = el("p", { class: "quiet small" });
    const choices = poll.choices.map((text, choice) => {
      const share = el("b");
      const node = el("button", { type: "button", class: "choice", attrs: { "aria-pressed": "false" }, on: { click: guarded(async () => {
        tell("");
        accepted(await this.#stream.vote(poll.id, choice));
        this.#mine.set(poll.id, choice);
        mark(choice);
      }, tell) } }, el("span", {}, text), share);
      return { node, share };
    });
    const close = button("Close the poll", guarded(async () => accepted(await this.#stream.closePoll(poll.id)), tell), { class: "slim" });
    const mark = mine => choices.forEach(({ node }, choice) => node.setAttribute("aria-pressed", String(choice === mine)));
    const update = ({ votes, open: asked }, mayVote, live) => {
      const open = asked && live;
      const all = votes.reduce((total, count) => total + count, 0);
      choices.forEach(({ node, share }, choice) => {
        const part = all ? votes[choice] / all : 0;
        node.style.setProperty("--share", part.toFixed(3));
        setText(share, `${Math.round(part * 100)} %`);
        node.disabled = !open || !mayVote;
      });
      setText(sum, `${plural(all, "vote")} · ${open ? "open" : "closed"}`);
      close.hidden = !open || !this.#can.broadcast();
    };
    mark(this.#mine.get(poll.id));
    return { mark, update, node: el("section", { class: "card poll", data: { poll: poll.id }, attrs: { "aria-label": "Poll" } }, el("h2", {}, poll.question), choices.map(choice => choice.node), el("div", { class: "row" }, sum, close), problem) };
  }
}
