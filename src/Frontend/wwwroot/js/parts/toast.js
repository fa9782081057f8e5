// Short messages that go by themselves; read out politely.
import { el } from "./dom.js";

const shownMs = 5000;
const most = 3;

export function toast(text) {
  const list = document.getElementById("toasts");
  const note = el("p", { class: "toast" }, text);
  list.append(note);
  while (list.childElementCount > most) list.firstElementChild.remove();
  setTimeout(() => note.remove(), shownMs);
}
