// The comments: the newest at the bottom, followed while one is there. Whoever scrolls up reads in peace, and is told how
// many are new below. At most `mostRows` rows are in the page, however many were ever said.
import { button, el, setText } from "../parts/dom.js";
import { number, plural, say } from "../parts/words.js";
import { commentRow } from "./commentRow.js";
import { Announcer } from "./announcer.js";

export const mostRows = 200;
const mostWhileReading = 400;
const olderAtOnce = 50;
const nearEnd = 48;

export class Comments {
  #stream; #session; #menu; #announcer = new Announcer();
  #list = el("ol", { id: "comments", attrs: { "aria-label": "Comments" } });
  #empty = el("div", { class: "chat-empty" }, el("p", {}, "Nobody has said anything yet."));
  #older = button("Earlier comments", () => this.#loadOlder(), { class: "slim", hidden: true });
  #below = button("", () => this.toEnd(), { class: "below slim", id: "below", hidden: true });
  #scroll; #count = el("span", { class: "quiet small number" });
  #rows = new Map(); #shown = null; #newest = null; #following = true; #unread = 0; #resize;

  constructor(stream, session, menu) {
    this.#stream = stream;
    this.#session = session;
    this.#menu = menu;
    // Scrolled by keyboard, so it takes the focus.
    this.#scroll = el("div", { class: "chat-scroll", tabIndex: 0, attrs: { role: "log", "aria-live": "off", "aria-label": "Comments" } }, el("div", { class: "chat-older" }, this.#older), this.#empty, this.#list);
    this.#scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // A window that changes its size, or a phone's keyboard, is not someone scrolling up.
    this.#resize = new ResizeObserver(() => {
      if (this.#following) this.#scroll.scrollTop = this.#scroll.scrollHeight;
    });
    this.#resize.observe(this.#scroll);
    this.#list.addEventListener("click", event => this.#clicked(event));
    this.#list.addEventListener("focusin", event => this.#roam(event.target.closest(".comment")));
    this.#list.addEventListener("keydown", event => this.#moved(event));
    this.nodes = [el("div", { class: "chat-head" }, el("h2", {}, "Comments"), this.#count), this.#scroll, el("div", { class: "below-dock" }, this.#below), this.#announcer.node];
  }

  update(state) {
    const { comments } = state;
    if (comments === this.#shown || state.position === null) return;
    const first = this.#shown === null;
    const known = new Set();
    for (const { id } of comments) known.add(id);
    // Rows of comments that were removed. Older ones, fetched by the reader, are no longer in the state: they stay.
    const oldest = comments[0]?.at ?? 0;
    for (const [id, row] of this.#rows) {
      if (known.has(id) || (row.comment.at < oldest)) continue;
      row.node.remove();
      this.#rows.delete(id);
    }
    const fresh = this.#newest === null ? comments : comments.slice(1 + comments.findLastIndex(({ id }) => id === this.#newest));
    this.#shown = comments;
    this.#newest = comments.at(-1)?.id ?? null;
    // What a snapshot brings is not news; and where it is full, there is more before it.
    if (first) this.#older.hidden = comments.length < olderAtOnce;
    else this.#announcer.heard(fresh);
    setText(this.#count, comments.length ? (comments.length >= mostRows ? `newest ${mostRows}` : number(comments.length)) : "");
    this.#empty.hidden = comments.length > 0;
    if (this.#following) this.#append();
    else this.#tell(fresh.length);
  }

  /** A deleted comment goes from the page also where it was fetched as an older one. */
  remove(ids) {
    for (const id of ids) {
      this.#rows.get(id)?.node.remove();
      this.#rows.delete(id);
    }
  }

  toEnd() {
    this.#following = true;
    this.#append();
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#scroll.focus({ preventScroll: true });
  }

  close() {
    this.#announcer.close();
    this.#resize.disconnect();
  }

  #append() {
    this.#unread = 0;
    this.#below.hidden = true;
    const list = this.#shown.slice(-mostRows);
    const missing = list.filter(({ id }) => !this.#rows.has(id));
    if (missing.length) {
      this.#list.append(...missing.map(comment => this.#row(comment)));
      this.#trim(mostRows);
      this.#list.lastElementChild.querySelector(".more").tabIndex = 0;
    }
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #tell(more) {
    this.#unread += more;
    this.#below.hidden = this.#unread === 0;
    setText(this.#below, `${plural(this.#unread, "new comment")} below`);
  }

  #row(comment) {
    const parent = comment.replyTo && (this.#rows.get(comment.replyTo)?.comment ?? this.#shown.find(({ id }) => id === comment.replyTo));
    const node = commentRow(comment, { parent, mine: comment.user === this.#session.who?.sub, host: comment.user === this.#stream.state.owner });
    this.#rows.set(comment.id, { node, comment });
    return node;
  }

  /** Takes rows from the top until at most `most` are left; the older ones can be fetched again. */
  #trim(most) {
    while (this.#list.childElementCount > most) {
      const node = this.#list.firstElementChild;
      this.#rows.delete(node.dataset.id);
      node.remove();
      this.#older.hidden = false;
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    const atEnd = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (atEnd === this.#following) return;
    this.#following = atEnd;
    if (atEnd && this.#shown) this.#append();
  }

  async #loadOlder() {
    const before = this.#list.firstElementChild?.dataset.id;
    if (!before) return;
    this.#older.disabled = true;
    try {
      const older = (await this.#stream.comments({ before, limit: olderAtOnce })).filter(({ id }) => !this.#rows.has(id));
      const fromEnd = this.#scroll.scrollHeight - this.#scroll.scrollTop;
      this.#list.prepend(...older.map(comment => this.#row(comment)));
      this.#scroll.scrollTop = this.#scroll.scrollHeight - fromEnd;
      this.#older.hidden = older.length === 0 || this.#rows.size >= mostWhileReading;
      setText(this.#older, "Earlier comments");
    } catch (error) {
      setText(this.#older, `${say(error)} Try again`);
    }
    this.#older.disabled = false;
  }

  #clicked(event) {
    const { target } = event;
    const row = target.closest(".comment");
    if (target.matches(".more")) this.#menu.open(target, this.#rows.get(row.dataset.id).comment);
    if (target.matches(".quote")) this.#showRow(target.dataset.to);
  }

  #showRow(id) {
    const row = this.#rows.get(id)?.node;
    if (!row) return;
    row.scrollIntoView({ block: "center" });
    row.classList.add("flash");
    setTimeout(() => row.classList.remove("flash"), 1600);
  }

  // One stop for Tab, arrows within: two hundred rows are not two hundred stops.
  #roam(row) {
    for (const node of this.#list.querySelectorAll('.more[tabindex="0"]')) node.tabIndex = -1;
    if (row) row.querySelector(".more").tabIndex = 0;
  }

  #moved(event) {
    const row = event.target.closest(".comment");
    const to = { ArrowUp: row?.previousElementSibling, ArrowDown: row?.nextElementSibling, Home: this.#list.firstElementChild, End: this.#list.lastElementChild }[event.key];
    if (!to) return;
    event.preventDefault();
    to.querySelector(".more").focus();
  }
}
