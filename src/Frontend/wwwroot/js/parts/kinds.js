// What a reaction looks like: known kinds have a drawing and a colour, others the first character of their name.
import { hash, svg, el } from "./dom.js";

const round = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z";
const eyes = "M8.400 8.100a1.500 1.700 0 1 1 0 3.400 1.500 1.700 0 0 1 0-3.400zM15.600 8.100a1.500 1.700 0 1 1 0 3.400 1.500 1.700 0 0 1 0-3.400z";
const heart = "M12 21.200C5.300 16.300 1.600 12.700 1.600 8.400 1.600 5.200 4 2.900 7 2.900c2 0 3.800 1 5 2.900 1.200-1.900 3-2.900 5-2.900 3 0 5.400 2.300 5.400 5.500 0 4.300-3.700 7.900-10.400 12.800z";
const drawings = {
  like: [heart, "#ff4d6d"],
  love: [heart, "#ff4d6d"],
  heart: [heart, "#ff4d6d"],
  wow: [`${round}${eyes}M12 13.400a2.900 3.300 0 1 1 0 6.600 2.900 3.300 0 0 1 0-6.600z`, "#ffb02e"],
  laugh: [`${round}${eyes}M5.800 13.200h12.400a6.200 6.200 0 0 1-12.400 0z`, "#ffc938"],
  sad: [`${round}${eyes}M7.200 18.300a5 4.600 0 0 1 9.600 0l-1.700.500a3.300 3 0 0 0-6.200 0z`, "#5aa9ff"],
  fire: ["M12.600 1.600c.8 4.200 6.600 6.800 6.600 12.700a7.200 7.200 0 0 1-14.400 0c0-3.300 1.700-5.600 3.600-7 0 2 .7 3.200 1.900 3.700.2-3.700.5-6.600 2.300-9.400z", "#ff7a2f"],
  clap: ["M12 1.800c.9 6 4.200 9.300 10.200 10.200-6 .9-9.300 4.200-10.200 10.200-.9-6-4.200-9.300-10.200-10.200 6-.9 9.300-4.200 10.200-10.200z", "#2fd3a6"],
  star: ["M12 1.900l3.100 6.500 7.100.9-5.200 4.900 1.300 7.100L12 17.800l-6.300 3.500L7 14.200 1.800 9.300l7.100-.9z", "#ffd23f"],
  goal: [`${round}M12 7.200l4.500 3.300-1.700 5.300H9.200l-1.700-5.300z`, "#e9e4f5"],
  bolt: ["M13.800 1.500L4 13.600h6.300L8.700 22.500 20 9.400h-7z", "#a98bff"],
};
const hues = ["#ff4d6d", "#ffb02e", "#2fd3a6", "#a98bff", "#5aa9ff", "#ff7a2f", "#e678d8", "#9bd63c"];

export const suggested = ["like", "laugh", "wow", "fire", "clap", "sad", "star", "bolt"];
export const color = kind => drawings[kind]?.[1] ?? hues[hash(kind) % hues.length];
export const path = kind => drawings[kind]?.[0] ?? null;
export const initial = kind => [...kind.trim()][0]?.toUpperCase() ?? "?";

/** For the page; sprites of the stage are drawn from the same paths. */
export function icon(kind) {
  if (path(kind)) return svg(path(kind), { fill: color(kind), "fill-rule": "evenodd" });
  const tile = svg("M7 2h10a5 5 0 0 1 5 5v10a5 5 0 0 1-5 5H7a5 5 0 0 1-5-5V7a5 5 0 0 1 5-5z", { fill: color(kind) });
  const letter = document.createElementNS("http://www.w3.org/2000/svg", "text");
  for (const [name, value] of Object.entries({ x: 12, y: 17, "text-anchor": "middle", "font-size": 14, "font-weight": 700, fill: "#17101f" })) letter.setAttribute(name, value);
  letter.textContent = initial(kind);
  tile.append(letter);
  return tile;
}

/** A square of its colour, for legends. */
export function swatch(tone) {
  const square = el("i", { attrs: { "aria-hidden": "true" } });
  square.style.background = tone;
  return square;
}
