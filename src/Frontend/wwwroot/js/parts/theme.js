// Light, dark, or as the system is: one button goes round.
import { svg } from "./dom.js";
import { auto, moon, sun } from "./icons.js";

const order = ["", "light", "dark"];
const looks = { "": [auto, "as the system"], light: [sun, "light"], dark: [moon, "dark"] };

export function themeButton(node) {
  const root = document.documentElement;
  const show = () => {
    const [icon, name] = looks[root.dataset.theme ?? ""];
    node.replaceChildren(svg(icon));
    node.setAttribute("aria-label", `Theme: ${name}. Change`);
    node.title = `Theme: ${name}`;
  };
  node.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme ?? "") + 1) % order.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    try {
      if (next) localStorage.setItem("theme", next);
      else localStorage.removeItem("theme");
    } catch {
      // It holds for this page then.
    }
    show();
    document.dispatchEvent(new Event("theme"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("theme")));
  show();
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
