// The page: which view is shown, and for whom. The address says it: #/ , #/new , #/s/STREAM (or ?stream=STREAM).
import { identityMenu } from "./parts/identity.js";
import { themeButton } from "./parts/theme.js";
import { landing } from "./landing/landing.js";
import { newStream } from "./landing/newStream.js";
import { watch } from "./viewer/watch.js";
import { Session } from "./session.js";

const session = new Session();
const main = document.getElementById("main");
let leave = null;

function route() {
  const asked = new URLSearchParams(location.search).get("stream");
  if (asked !== null && !location.hash) {
    history.replaceState(null, "", `${location.pathname}#/s/${encodeURIComponent(asked)}`);
  }
  const [, view, id] = location.hash.split("/");
  leave?.();
  main.replaceChildren();
  if (view === "s" && id) leave = watch(main, session, decode(id));
  else if (view === "new") leave = newStream(main, session);
  else leave = landing(main, session);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

addEventListener("hashchange", () => {
  // The skip link's target is not a view.
  if (location.hash === "#main") return;
  route();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
});
session.addEventListener("change", route);
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
themeButton(document.getElementById("theme"));
identityMenu(document.getElementById("identity"), session);
route();
