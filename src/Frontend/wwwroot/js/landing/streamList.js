// The directory as cards: live ones first. Asked again every few seconds while it is looked at.
import { el, hash } from "../parts/dom.js";
import { ago, say } from "../parts/words.js";
import { hueOf, paintRidges } from "../viewer/ridges.js";

const everyMs = 4000;
const most = 60;
const order = { live: 0, created: 1, ended: 2 };
const words = { live: "live", created: "not started", ended: "ended" };

export class StreamList {
  onchange = () => {};
  #session; #timer = null; #shown = null;

  constructor(session) {
    this.#session = session;
    this.node = el("div", { id: "streams", attrs: { "aria-busy": "true" } }, el("p", { class: "quiet" }, "Looking …"));
  }

  start() {
    this.#timer = setInterval(() => document.hidden || this.#load(), everyMs);
    this.#load();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  async #load() {
    try {
      const { streams } = await this.#session.client.streams({ limit: 1000 });
      if (this.#timer === null) return;
      streams.sort((a, b) => order[a.status] - order[b.status] || b.createdAt - a.createdAt);
      this.onchange(streams.filter(stream => stream.status === "live"));
      // Made again only when something changed: focus stays where it is.
      const key = JSON.stringify(streams.map(({ id, title, status }) => [id, title, status]));
      if (key !== this.#shown) this.#show(streams);
      this.#shown = key;
    } catch (error) {
      this.#shown = null;
      this.node.replaceChildren(el("p", { class: "notice bad", attrs: { role: "alert" } }, `The list of streams did not come. ${say(error)}`));
    }
    this.node.setAttribute("aria-busy", "false");
  }

  #show(streams) {
    if (streams.length === 0) {
      this.node.replaceChildren(el("div", { class: "empty", id: "no-streams" },
        el("h3", {}, "Nobody is live yet"),
        el("p", { class: "quiet" }, "Be the first: it takes two clicks, and an audience can be borrowed."),
        el("a", { class: "button", href: "#/new" }, "Go live")));
      return;
    }
    const focused = document.activeElement?.closest?.(".stream-card")?.dataset.id;
    this.node.replaceChildren(el("ul", { class: "streams" }, streams.slice(0, most).map(card)));
    if (streams.length > most) this.node.append(el("p", { class: "quiet" }, `and ${streams.length - most} more: open them by their id.`));
    if (focused) this.node.querySelector(`[data-id="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true });
  }
}

function card(stream) {
  const canvas = el("canvas", { width: 320, height: 140, attrs: { "aria-hidden": "true" } });
  paintRidges(canvas, { hue: hueOf(hash(stream.id)), seed: hash(stream.id) % 1000, phase: 0, energy: stream.status === "live" ? 0.8 : 0.15, muted: stream.status !== "live" });
  return el("li", { class: "stream-card", data: { id: stream.id } },
    canvas,
    el("span", { class: `badge ${stream.status}` }, words[stream.status]),
    el("div", {},
      el("h3", {}, el("a", { href: `#/s/${encodeURIComponent(stream.id)}` }, stream.title || stream.id)),
      el("p", { class: "quiet small" }, `${stream.id} · ${ago(stream.createdAt)}`)));
}
