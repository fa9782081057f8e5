// Activity over time as curves: reactions by kind, comments, viewers; of the last minutes or from the start.
import { el, setText } from "../parts/dom.js";
import { color, swatch } from "../parts/kinds.js";
import { duration, number, plural, say } from "../parts/words.js";
import { drawChart } from "./chart.js";
import { Series } from "./series.js";

const ranges = [["1 min", 60_000], ["5 min", 300_000], ["15 min", 900_000], ["Whole stream", Infinity]];
const mostPoints = 180;
const drawEveryMs = 1000;

export class Curves {
  #stream; #series; #range; #timer;
  #reactions = figure("Reactions"); #comments = figure("Comments"); #viewers = figure("Viewers");
  #legend = el("ul", { class: "legend" }); #kinds = null; #theme;
  #problem = el("p", { class: "problem" });

  constructor(stream, { title = "Activity per second", whole = false } = {}) {
    this.#stream = stream;
    this.#series = new Series(stream);
    this.#range = whole ? Infinity : 300_000;
    const buttons = ranges.map(([text, ms]) => el("button", { type: "button", attrs: { "aria-pressed": String(ms === this.#range) }, on: { click: () => {
      this.#range = ms;
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(ranges[index][1] === ms)));
      this.draw();
    } } }, text));
    this.node = el("section", { class: "card curves", id: "curves", attrs: { "aria-label": title } },
      el("div", { class: "desk-head" }, el("h3", {}, title), el("div", { class: "segments", attrs: { role: "group", "aria-label": "How much of it" } }, buttons)),
      el("div", { class: "curves-grid" }, this.#reactions.node, this.#comments.node, this.#viewers.node), this.#legend, this.#problem);
    this.#timer = setInterval(() => document.hidden || this.draw(), drawEveryMs);
    this.#theme = () => this.draw();
    document.addEventListener("theme", this.#theme);
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { state } = this.#stream;
    const end = state.endedAt ?? Math.max(state.at, Date.now());
    const start = Math.max(state.startedAt ?? end - 60_000, end - this.#range);
    const kinds = state.settings?.reactions ?? [];
    const binned = bin(this.#series.since(start), kinds, start, end, state.status === "live" ? state.viewers : null);
    const labels = [this.#range === Infinity ? "start" : `${duration(end - start)} ago`, state.status === "ended" ? "end" : "now"];
    drawChart(this.#reactions.canvas, { rows: kinds.map(kind => ({ color: color(kind), values: binned.reactions[kind] })), labels, stacked: true });
    drawChart(this.#comments.canvas, { rows: [{ color: "#8f7bff", values: binned.comments }], labels, stacked: false });
    drawChart(this.#viewers.canvas, { rows: [{ color: "#1fae83", values: binned.viewers }], labels, stacked: false });
    this.#reactions.say(plural(binned.allReactions, "reaction"));
    this.#comments.say(plural(binned.allComments, "comment"));
    this.#viewers.say(`at most ${number(binned.peak)}`);
    if (kinds !== this.#kinds) this.#legend.replaceChildren(...kinds.map(kind => el("li", {}, swatch(color(kind)), kind)));
    this.#kinds = kinds;
    setText(this.#problem, this.#series.problem ? `The timeline did not come. ${say(this.#series.problem)}` : "");
  }

  close() {
    clearInterval(this.#timer);
    document.removeEventListener("theme", this.#theme);
    this.#series.close();
  }
}

function figure(title) {
  const canvas = el("canvas", { attrs: { role: "img", "aria-label": title } });
  const sum = el("span", { class: "quiet number" });
  return {
    canvas,
    node: el("figure", {}, el("figcaption", {}, el("span", {}, title), sum), canvas),
    say(text) {
      setText(sum, text);
      canvas.setAttribute("aria-label", `${title}: ${text}`);
    },
  };
}

/** Steps put into as many bins as can be told apart; counts per second. `viewersNow`: null when it is over. */
function bin(steps, kinds, start, end, viewersNow) {
  const seconds = Math.max(1, (end - start) / 1000);
  // Never finer than the steps: a bin without a step would look like silence.
  const coarsest = steps.reduce((most, step) => Math.max(most, step.ms), 1000) / 1000;
  const count = Math.max(2, Math.min(mostPoints, Math.floor(seconds / coarsest)));
  const width = seconds / count;
  const zeros = () => new Array(count).fill(0);
  const result = { reactions: Object.fromEntries(kinds.map(kind => [kind, zeros()])), comments: zeros(), viewers: zeros(), allReactions: 0, allComments: 0, peak: 0 };
  const seen = zeros();
  for (const step of steps) {
    const at = Math.min(count - 1, Math.max(0, Math.floor((step.at + step.ms / 2 - start) / 1000 / width)));
    for (const [kind, sum] of Object.entries(step.reactions)) {
      result.allReactions += sum;
      if (result.reactions[kind]) result.reactions[kind][at] += sum / width;
    }
    result.comments[at] += step.comments / width;
    result.allComments += step.comments;
    result.viewers[at] += step.viewers;
    result.peak = Math.max(result.peak, step.peak);
    seen[at]++;
  }
  // A second in which nothing happened has no step: as many watched as before, and after the last one as many as now.
  const lastSeen = seen.findLastIndex(steps => steps > 0);
  for (let i = 0, last = 0; i < count; i++) last = result.viewers[i] = seen[i] ? result.viewers[i] / seen[i] : i > lastSeen ? viewersNow ?? last : last;
  if (viewersNow !== null) result.viewers[count - 1] = viewersNow;
  return result;
}
