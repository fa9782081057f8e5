// What a reaction looks like: known kinds have a drawing and a colour, others the first character of their name.
import { hash, svg, el } from "./dom.js";

const round = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z";
const eyes = "M8.400 8.100a1.500 1.700 0 1 1 0 3.400 1.500 1.700 0 0 1 0-3.400zM15.600 8.100a1.500 1.700 0 1 1 0 3.400 1.500 1.700 0 0 1 0-3.400z";
const heart = "M12 21.200C5.300 16.300 1.600 12.700 1.600 8.400 1.600 5.200 4 2.900 7 2.900c2 0 3.800 1 5 2.900 1.200-1.900 3-2.900 5-2.900 3 0 5.400 2.300 5.400 5.500 0 4.300-3.700 7.900-10.400 12.800z";
// Two hands, and what one hears of them.
const hands = "M15.73,21.99c-1.85,1.35-4.45,.94-5.79-.92l-1.29-1.78c-.2-.28-.37-.58-.49-.88l-3.35-4.62c-.36-.49-.25-1.18 .24-1.53c.49-.36 1.18-.25 1.53,.24l1.76,2.42c.05-.1 .11-.19 .17-.29l-2.9-3.98c-.36-.49-.25-1.18 .24-1.53c.49-.36 1.18-.25 1.53,.24l2.72,3.75l.25-.18l-2.58-3.55c-.36-.49-.25-1.18 .24-1.53c.49-.36 1.18-.25 1.53,.24l2.77,3.81c.09-.02 .17-.04 .26-.05l-1.54-2.12c-.36-.49-.25-1.18 .24-1.53c.49-.36 1.18-.25 1.53,.24l2.67,3.68l.31-1.94c.12-.77 .84-1.29 1.61-1.17c.77,.12 1.29,.84 1.17,1.61l-.72,4.54l.09,.12c1.35,1.85 .94,4.45-.92,5.79zM14.36,6.15c-.02-.61 .45-1.11 1.06-1.14c.61-.02 1.11,.45 1.14,1.06l.07,2.12c-.82,.21-1.49,.87-1.67,1.74l-.5-.68zM16.85,5.81c-.02-.61 .45-1.11 1.06-1.14c.61-.02 1.11,.45 1.14,1.06l.13,3.59c-.32-.61-.91-1.06-1.64-1.17c-.2-.03-.4-.04-.6-.02zM19.53,10.78l-.1-2.98c-.02-.61 .45-1.11 1.06-1.14c.61-.02 1.11,.45 1.14,1.06l.2,5.7c.09,.32 .14,.65 .16,1l.08,2.19c.08,2.16-1.51,3.99-3.61,4.26c1.37-1.67 1.54-4.09 .3-5.95l.66-4.19c0,0 0,0 0,0c.04,.02 .08,.03 .12,.05zM3.85,2.89c-.22-.42-.06-.93 .36-1.15c.42-.22 .93-.06 1.15,.36l1.2,2.3c.22,.42 .06,.93-.36,1.15c-.42,.22-.93,.06-1.15-.36zM8.66,1.95c-.08-.46 .23-.9 .69-.98c.46-.08 .9,.23 .98,.69l.4,2.3c.08,.46-.23,.9-.69,.98c-.46,.08-.9-.23-.98-.69zM2.26,7.73c-.4-.24-.53-.77-.28-1.17c.24-.4 .77-.53 1.17-.28l1.8,1.1c.4,.24 .53,.77 .28,1.17c-.24,.4-.77,.53-1.17,.28z";
const drawings = {
  like: [heart, "#ff4d6d"],
  love: [heart, "#ff4d6d"],
  heart: [heart, "#ff4d6d"],
  wow: [`${round}${eyes}M12 13.400a2.900 3.300 0 1 1 0 6.600 2.900 3.300 0 0 1 0-6.600z`, "#ffb02e"],
  laugh: [`${round}${eyes}M5.800 13.200h12.400a6.200 6.200 0 0 1-12.400 0z`, "#ffc938"],
  sad: [`${round}${eyes}M7.200 18.300a5 4.600 0 0 1 9.600 0l-1.700.500a3.300 3 0 0 0-6.200 0z`, "#5aa9ff"],
  fire: ["M12.600 1.600c.8 4.200 6.600 6.800 6.600 12.700a7.200 7.200 0 0 1-14.400 0c0-3.300 1.700-5.600 3.600-7 0 2 .7 3.200 1.900 3.700.2-3.700.5-6.600 2.300-9.400z", "#ff7a2f"],
  clap: [hands, "#2fd3a6"],
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
