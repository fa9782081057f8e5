// Curves on a canvas: areas on top of each other, or one line. Bare numbers in, so that it can be read by itself.

const pad = { left: 36, right: 6, top: 8, bottom: 18 };

/** `rows`: [{ color, values }] of the same length, summed up from below. `labels`: [left, right] under the time axis. */
export function drawChart(canvas, { rows, labels, stacked }) {
  const scale = Math.min(2, devicePixelRatio);
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (width === 0) return;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const count = rows[0]?.values.length ?? 0;
  const sums = Array.from({ length: count }, (_, i) => rows.reduce((sum, row) => (stacked ? sum + row.values[i] : Math.max(sum, row.values[i])), 0));
  const top = niceAbove(Math.max(1, ...sums));
  const x = i => pad.left + (i / Math.max(1, count - 1)) * (width - pad.left - pad.right);
  const y = value => height - pad.bottom - (value / top) * (height - pad.top - pad.bottom);

  context.font = `11px ${style.fontFamily}`;
  context.fillStyle = context.strokeStyle = style.color;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  for (const share of [0, 0.5, 1]) {
    const at = Math.round(y(top * share)) + 0.5;
    context.globalAlpha = 0.25;
    context.beginPath();
    context.moveTo(pad.left, at);
    context.lineTo(width - pad.right, at);
    context.stroke();
    context.globalAlpha = 1;
    context.textAlign = "right";
    if (share === 0 || top * share >= 1) context.fillText(shortNumber(top * share), pad.left - 6, at);
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(labels[0], pad.left, height - 4);
  context.textAlign = "right";
  context.fillText(labels[1], width - pad.right, height - 4);

  const floor = new Array(count).fill(0);
  for (const { color, values } of rows) {
    context.beginPath();
    for (let i = 0; i < count; i++) context.lineTo(x(i), y(values[i] + (stacked ? floor[i] : 0)));
    context.strokeStyle = color;
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    context.stroke();
    for (let i = count - 1; i >= 0; i--) context.lineTo(x(i), y(stacked ? floor[i] : 0));
    context.globalAlpha = stacked ? 0.42 : 0.14;
    context.fillStyle = color;
    context.fill();
    context.globalAlpha = 1;
    if (stacked) for (let i = 0; i < count; i++) floor[i] += values[i];
  }
}

function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 4, 5, 10]) if (step * power >= value) return step * power;
  return 10 * power;
}

const shortNumber = value => (value >= 1000 ? `${Number((value / 1000).toFixed(1))}k` : String(Number(value.toFixed(1))));
