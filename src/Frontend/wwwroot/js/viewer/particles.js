// Floating reactions: a pool of fixed size, no object and no element per reaction. When more come than can float,
// each one that does stands for more, and is larger.

const lifeSeconds = 2.6;
const perSecond = 60;
export const capacity = 150;

export class Particles {
  #sprites;
  #waiting = new Map();
  #budget = 0;
  #kind = new Array(capacity).fill(null);
  #x = new Float32Array(capacity); #sway = new Float32Array(capacity); #age = new Float32Array(capacity).fill(Infinity);
  #speed = new Float32Array(capacity); #size = new Uint8Array(capacity);
  #next = 0;
  alive = 0;

  constructor(sprites) {
    this.#sprites = sprites;
  }

  add(kind, count) {
    this.#waiting.set(kind, (this.#waiting.get(kind) ?? 0) + count);
  }

  /** Nothing waits any more: what came while nobody looked does not burst out later. */
  forget() {
    this.#waiting.clear();
  }

  get idle() {
    return this.alive === 0 && this.#waiting.size === 0;
  }

  step(context, width, height, seconds, scale) {
    // A small stage holds fewer.
    this.#spawn(seconds, perSecond * Math.min(1, Math.max(0.35, width / scale / 800)));
    context.clearRect(0, 0, width, height);
    this.alive = 0;
    for (let i = 0; i < capacity; i++) {
      const age = (this.#age[i] += seconds);
      if (age >= lifeSeconds) continue;
      this.alive++;
      if (age < 0) continue;
      const share = age / lifeSeconds;
      const sprite = this.#sprites.get(this.#kind[i])[this.#size[i]];
      const rise = share * (1.25 - 0.25 * share);
      const x = this.#x[i] * width + Math.sin(age * 2.2 + this.#sway[i]) * 14 * scale - sprite.width / 2;
      const y = height - rise * height * this.#speed[i] - sprite.height * 0.4;
      context.globalAlpha = share < 0.1 ? share * 10 : share > 0.65 ? (1 - share) / 0.35 : 1;
      context.drawImage(sprite, Math.round(x), Math.round(y));
    }
    context.globalAlpha = 1;
  }

  #spawn(seconds, rate) {
    let total = 0;
    for (const count of this.#waiting.values()) total += count;
    if (total === 0) {
      this.#budget = Math.min(4, this.#budget + seconds * rate);
      return;
    }
    this.#budget = Math.min(8, this.#budget + seconds * rate);
    const spawned = Math.min(Math.floor(this.#budget), Math.ceil(total), 8);
    if (spawned === 0) return;
    this.#budget -= spawned;
    // What waits is gone within a quarter of a second: each that floats stands for a share of it.
    const each = Math.max(1, (total * Math.min(1, seconds * 4)) / spawned);
    for (let i = 0; i < spawned; i++) this.#start(this.#draw(total), each);
    const left = Math.max(0, total - each * spawned) / total;
    for (const [kind, count] of this.#waiting) {
      if (count * left < 0.5) this.#waiting.delete(kind);
      else this.#waiting.set(kind, count * left);
    }
  }

  /** A kind, as likely as it is frequent. */
  #draw(total) {
    let at = Math.random() * total;
    let kind = null;
    for (const [name, count] of this.#waiting) {
      kind = name;
      if ((at -= count) < 0) break;
    }
    return kind;
  }

  #start(kind, standsFor) {
    const i = this.#next;
    this.#next = (i + 1) % capacity;
    this.#kind[i] = kind;
    // Not all of a frame on one line.
    this.#age[i] = -Math.random() * 0.16;
    // Most rise on the right, where hands are; some anywhere.
    this.#x[i] = Math.random() < 0.6 ? 0.62 + Math.random() * 0.34 : 0.05 + Math.random() * 0.9;
    this.#sway[i] = Math.random() * 6.28;
    this.#speed[i] = 0.62 + Math.random() * 0.4;
    const luck = Math.random();
    this.#size[i] = Math.min(2, (standsFor > 12 ? 1 : 0) + (luck > 0.86 ? 2 : luck > 0.45 ? 1 : 0));
  }
}
