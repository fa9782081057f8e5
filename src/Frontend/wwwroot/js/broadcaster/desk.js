// The broadcaster's desk, below the stream that everyone sees. A moderator gets the part that is theirs.
import { button, el } from "../parts/dom.js";
import { guarded } from "../parts/form.js";
import { AudienceCard } from "../audience/audienceCard.js";
import { BanCard } from "./banCard.js";
import { Bans } from "./bans.js";
import { cueCard } from "./cueCard.js";
import { Curves } from "./curves.js";
import { Names } from "./names.js";
import { People } from "./people.js";
import { pollCard } from "./pollCard.js";
import { SettingsCard } from "./settingsCard.js";

export class Desk {
  #people; #bans; #banCard; #names; #settings; #audience = null; #curves;
  #start; #end; #live; #problem = el("p", { class: "problem", attrs: { role: "alert" } });

  constructor(stream, session, can, banDialog) {
    const tell = text => { this.#problem.textContent = text; };
    const run = action => guarded(async () => {
      tell("");
      await action();
    }, tell);
    this.#start = button("Start", run(() => stream.start()), { class: "primary", id: "start" });
    this.#end = button("End", run(() => this.#endAfterAsking(stream)), { class: "danger", id: "end" });
    this.#names = new Names(stream);
    this.#bans = new Bans(stream, session.client);
    this.#banCard = new BanCard(stream, this.#bans, this.#names);
    this.#people = new People(session, this.#bans, banDialog);
    this.#bans.onchange = () => {
      this.#banCard.show();
      this.#people.show();
    };
    this.#curves = new Curves(stream);
    this.#settings = new SettingsCard(stream);
    const broadcasts = can.broadcast();
    if (broadcasts && session.who?.dev) this.#audience = new AudienceCard(stream, session);
    this.#live = broadcasts ? [cueCard(stream), pollCard(stream)] : [];
    this.node = el("section", { class: "desk", id: "desk", attrs: { "aria-labelledby": "desk-title" } },
      el("div", { class: "desk-head" }, el("h2", { id: "desk-title" }, broadcasts ? "Your desk" : "Moderation"), broadcasts && el("div", { class: "row" }, this.#start, this.#end)),
      this.#problem,
      this.#curves.node,
      el("div", { class: "desk-cards" }, this.#audience?.node, ...this.#live, this.#people.node, this.#banCard.node, broadcasts && this.#settings.node));
  }

  update(state) {
    this.#start.hidden = state.status !== "created";
    this.#end.hidden = state.status !== "live";
    const live = state.status === "live";
    for (const card of this.#live) for (const control of card.querySelectorAll("input, button")) if (control.disabled === live) control.disabled = !live;
    this.#people.update(state);
    this.#banCard.update(state);
    this.#settings.update(state);
    this.#audience?.update(state);
  }

  close() {
    this.#curves.close();
    this.#bans.close();
    this.#names.close();
    this.#audience?.close();
  }

  /** Ended is final: the button asks once more, in its own words. */
  async #endAfterAsking(stream) {
    if (this.#end.dataset.sure) return stream.end();
    this.#end.dataset.sure = "yes";
    this.#end.textContent = "End it for everyone?";
    setTimeout(() => {
      delete this.#end.dataset.sure;
      this.#end.textContent = "End";
    }, 4000);
  }
}
