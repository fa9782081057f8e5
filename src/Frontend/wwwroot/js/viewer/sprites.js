// Reactions as small pictures, drawn once per kind and size; the stage only copies them.
import { color, initial, path } from "../parts/kinds.js";

export const sizes = [26, 36, 52];
const glyphUnits = 24;

/** For each kind, one canvas per size. `scale`: device pixels per CSS pixel. */
export class Sprites {
  #made = new Map();
  #scale;

  constructor(scale) {
    this.#scale = scale;
  }

  get(kind) {
    let made = this.#made.get(kind);
    if (!made) this.#made.set(kind, (made = sizes.map(size => draw(kind, Math.round(size * this.#scale)))));
    return made;
  }
}

function draw(kind, side) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const inset = side * 0.06;
  context.translate(inset, inset);
  context.scale((side - 2 * inset) / glyphUnits, (side - 2 * inset) / glyphUnits);
  context.fillStyle = color(kind);
  context.strokeStyle = "#0c0a1466";
  context.lineWidth = 1.2;
  const shape = path(kind);
  if (shape) {
    const drawn = new Path2D(shape);
    context.stroke(drawn);
    context.fill(drawn, "evenodd");
  } else {
    context.beginPath();
    context.roundRect(2, 2, 20, 20, 5);
    context.fill();
    context.fillStyle = "#17101f";
    context.font = "700 14px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText(initial(kind), 12, 17);
  }
  return canvas;
}
