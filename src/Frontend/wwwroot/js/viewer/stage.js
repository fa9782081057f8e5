// The screen: ridges behind, reactions floating before them. One loop for both, which rests when nothing moves.
import { el, hash } from "../parts/dom.js";
import { calm } from "../parts/theme.js";
import { Particles } from "./particles.js";
import { hueOf, paintRidges } from "./ridges.js";
import { Sprites } from "./sprites.js";

const ridgesPerSecond = 15;
const ridgesWidth = 384, ridgesHeight = 216;
const busiest = 1500; // reactions a second at which the ridges are at their highest

export class Stage {
  #ridges = el("canvas", { class: "ridges", width: ridgesWidth, height: ridgesHeight, attrs: { "aria-hidden": "true" } });
  #canvas = el("canvas", { attrs: { "aria-hidden": "true" } });
  #context; #particles; #scale;
  #hue; #seed;
  #recent = 0; #energy = 0; #phase = 0;
  #last = 0; #painted = 0; #loop = 0;
  #seen = true; #resting = true; #closed = false;
  #resize; #look;

  constructor(streamId) {
    this.#hue = hueOf(hash(streamId));
    this.#seed = hash(streamId) % 1000;
    // One device pixel more or less is not seen in what moves, and half of the pixels are half of the work.
    this.#scale = Math.min(devicePixelRatio, 1.5);
    this.#context = this.#canvas.getContext("2d");
    this.#particles = new Particles(new Sprites(this.#scale));
    this.node = el("div", { class: "stage" }, this.#ridges, this.#canvas);
    this.#resize = new ResizeObserver(([entry]) => {
      this.#canvas.width = Math.round(entry.contentRect.width * this.#scale);
      this.#canvas.height = Math.round(entry.contentRect.height * this.#scale);
    });
    this.#resize.observe(this.node);
    this.#look = new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      this.#wake();
    });
    this.#look.observe(this.node);
    document.addEventListener("visibilitychange", this.#visible);
    calm.addEventListener("change", this.#visible);
    this.#paint();
  }

  /** Reactions of everyone, as they come. */
  react(kind, count) {
    this.#recent += count;
    if (calm.matches || document.hidden || !this.#seen) return;
    this.#particles.add(kind, count);
    this.#wake();
  }

  /** Whether the picture stands still: not started, ended. */
  rest(still) {
    if (this.#resting === still) return;
    this.#resting = still;
    this.node.classList.toggle("still", still);
    this.#paint();
    this.#wake();
  }

  close() {
    this.#closed = true;
    cancelAnimationFrame(this.#loop);
    this.#resize.disconnect();
    this.#look.disconnect();
    document.removeEventListener("visibilitychange", this.#visible);
    calm.removeEventListener("change", this.#visible);
  }

  #visible = () => {
    this.#particles.forget();
    this.#wake();
  };

  #wake() {
    if (this.#loop || this.#closed || calm.matches || document.hidden || !this.#seen) return;
    this.#last = performance.now();
    this.#loop = requestAnimationFrame(this.#frame);
  }

  #frame = now => {
    this.#loop = 0;
    // After a pause nothing leaps.
    const seconds = Math.min(0.1, Math.max(0, now - this.#last) / 1000);
    this.#last = now;
    if (!this.#particles.idle) this.#particles.step(this.#context, this.#canvas.width, this.#canvas.height, seconds, this.#scale);
    if (!this.#resting && now - this.#painted > 1000 / ridgesPerSecond - 4) this.#heave(now);
    if (calm.matches || !this.#seen || (this.#resting && this.#particles.idle)) return;
    this.#loop = requestAnimationFrame(this.#frame);
  };

  #heave(now) {
    const passed = Math.min(0.5, (now - this.#painted) / 1000);
    this.#painted = now;
    const rate = this.#recent / Math.max(0.02, passed);
    this.#recent = 0;
    const wanted = Math.min(1, Math.log1p(rate) / Math.log1p(busiest));
    this.#energy += (wanted - this.#energy) * Math.min(1, passed * (wanted > this.#energy ? 3 : 0.9));
    this.#phase += passed * (0.25 + this.#energy * 1.3);
    this.#paint();
  }

  #paint() {
    paintRidges(this.#ridges, { hue: this.#hue, seed: this.#seed, phase: this.#phase, energy: 0.15 + this.#energy * 0.85 });
  }
}
