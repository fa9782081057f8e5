// The stream's address, to pass on.
import { button, setText } from "../parts/dom.js";
import { toast } from "../parts/toast.js";

export function copyLink(streamId) {
  const copy = button("Copy link", async () => {
    const link = new URL(`#/s/${encodeURIComponent(streamId)}`, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      setText(copy, "Copied");
      setTimeout(() => setText(copy, "Copy link"), 2000);
    } catch {
      // Clipboards are for secure pages only: the address is at least said.
      toast(link);
    }
  }, { class: "slim", id: "copy-link" });
  return copy;
}
