// Making elements. Text becomes text nodes only: nothing here reads markup.

const svgNamespace = "http://www.w3.org/2000/svg";

/** An element: `props` are its properties; `class`, `data`, `attrs` and `on` say what they say; children are nodes, text, or nothing. */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined) continue;
    if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "attrs") for (const [key, text] of Object.entries(value)) node.setAttribute(key, text);
    else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else node[name] = value;
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(path, props = {}) {
  const node = document.createElementNS(svgNamespace, "svg");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  const shape = document.createElementNS(svgNamespace, "path");
  shape.setAttribute("d", path);
  node.append(shape);
  return node;
}

export const button = (text, action, props = {}) =>
  el("button", { type: "button", ...props, class: `button ${props.class ?? ""}`, on: { click: action } }, text);

/** A label, its input, and a hint. */
export const field = (label, input, hint) => el("label", { class: "field" }, label, input, hint && el("small", {}, hint));

export const input = (props = {}) => el("input", { class: "input", autocomplete: "off", ...props });

export const check = (label, props, hint) =>
  el("label", { class: "check" }, el("input", { type: "checkbox", ...props }), el("span", {}, label, hint && el("small", {}, hint)));

/** Sets text only where it changed: no layout for nothing. */
export function setText(node, text) {
  const wanted = String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

export function avatar(user, name) {
  const shown = (name || user || "?").trim();
  return el("span", { class: `avatar tone-${hash(user) % 8}`, attrs: { "aria-hidden": "true" } }, [...shown][0]?.toUpperCase() ?? "?");
}

/** The same small number for the same text, always. */
export function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}

const placed = new WeakMap();

/** Puts a popover below the element that opened it, inside the window, and keeps it there when the window changes its size. */
export function placeBelow(popover, anchor) {
  placed.get(popover)?.abort();
  const moves = new AbortController();
  placed.set(popover, moves);
  const place = () => {
    if (!popover.matches(":popover-open")) return moves.abort();
    const at = anchor.getBoundingClientRect();
    const size = popover.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.right - size.width), innerWidth - size.width - 8);
    const fits = at.bottom + 6 + size.height < innerHeight;
    popover.style.left = `${left}px`;
    popover.style.top = `${Math.max(8, Math.min(fits ? at.bottom + 6 : at.top - size.height - 6, innerHeight - size.height - 8))}px`;
  };
  addEventListener("resize", place, { signal: moves.signal });
  place();
}
