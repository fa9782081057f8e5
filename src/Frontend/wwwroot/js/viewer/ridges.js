// The placeholder for video: a landscape of ridges that heave with what the audience does. Drawn small and scaled up.

const lines = 9;
const points = 44;

/** A stream's own colour: of an evening, from blue over violet to rose. */
export const hueOf = seed => 205 + (seed % 150);

/** `energy` 0–1: how high it heaves. `phase`: seconds. The same hue and seed look the same everywhere. */
export function paintRidges(canvas, { hue, seed, phase, energy, muted = false }) {
  const context = canvas.getContext("2d", { alpha: false });
  const { width, height } = canvas;
  const saturation = muted ? 12 : 62;
  const sky = context.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} ${saturation * 0.6}% 9%)`);
  sky.addColorStop(0.55, `hsl(${(hue + 25) % 360} ${saturation * 0.7}% 20%)`);
  sky.addColorStop(1, `hsl(${(hue + 60) % 360} ${saturation * 0.6}% 8%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);

  const sun = context.createRadialGradient(width * 0.5, height * 0.46, 0, width * 0.5, height * 0.46, height * (0.42 + energy * 0.18));
  sun.addColorStop(0, `hsl(${(hue + 40) % 360} ${saturation + 20}% 62% / ${0.34 + energy * 0.3})`);
  sun.addColorStop(1, `hsl(${(hue + 40) % 360} ${saturation}% 40% / 0)`);
  context.fillStyle = sun;
  context.fillRect(0, 0, width, height);

  context.lineWidth = Math.max(1, height / 260);
  context.lineJoin = "round";
  for (let line = 0; line < lines; line++) {
    const depth = line / (lines - 1);
    const base = height * (0.5 + depth * 0.5);
    const reach = height * (0.1 + energy * 0.3) * (0.75 + depth * 0.5);
    context.beginPath();
    context.moveTo(-4, base);
    for (let point = 0; point <= points; point++) {
      const x = point / points;
      const from = (x - 0.5) * 2;
      const swell = Math.exp(-from * from * 2.600);
      const wave = Math.sin(x * 11 + seed + line * 1.7 + phase * 0.7)
        + 0.6 * Math.sin(x * 23 - seed * 2 + line * 2.9 - phase * 1.1)
        + 0.35 * Math.sin(x * 47 + line * 4.1 + phase * 1.900);
      context.lineTo(x * width, base - reach * swell * (0.45 + 0.4 * Math.abs(wave)));
    }
    context.lineTo(width + 4, base);
    context.lineTo(width + 4, height + 4);
    context.lineTo(-4, height + 4);
    context.closePath();
    context.fillStyle = `hsl(${(hue + 60 - depth * 20 + 360) % 360} ${saturation * 0.65}% ${15 - depth * 9}%)`;
    context.fill();
    context.strokeStyle = `hsl(${(hue + 40 - depth * 60 + 360) % 360} ${saturation + 22}% ${72 - depth * 12}% / ${0.3 + depth * 0.5})`;
    context.stroke();
  }
}
