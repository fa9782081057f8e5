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

  let floor = new Array(count).fill(0);
  const layers = rows.map(({ color, values }) => {
    const layer = { color, values, floor, edge: values.map((value, i) => value + floor[i]) };
    if (stacked) floor = layer.edge;
    return layer;
  });
  // Areas first, so that none covers another's outline.
  context.globalAlpha = stacked ? 0.42 : 0.14;
  for (const { color, floor, edge } of layers) {
    context.fillStyle = color;
    context.beginPath();
    for (let i = 0; i < count; i++) context.lineTo(x(i), y(edge[i]));
    for (let i = count - 1; i >= 0; i--) context.lineTo(x(i), y(floor[i]));
    context.fill();
  }
  context.globalAlpha = 1;
  context.lineWidth = 1.6;
  context.lineJoin = context.lineCap = "round";
  for (const { color, values, edge } of layers) {
    context.strokeStyle = color;
    context.beginPath();
    // No outline where there is nothing: it would lie on the axis, or on the layer below and in the wrong colour.
    for (let i = 1; i < count; i++) {
      if (values[i - 1] === 0 && values[i] === 0) continue;
      if (i === 1 || (values[i - 1] === 0 && values[i - 2] === 0)) context.moveTo(x(i - 1), y(edge[i - 1]));
      context.lineTo(x(i), y(edge[i]));
    }
    context.stroke();
  }
}

function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 4, 5, 10]) if (step * power >= value) return step * power;
  return 10 * power;
}

const shortNumber = value => (value >= 1000 ? `${Number((value / 1000).toFixed(1))}k` : String(Number(value.toFixed(1))));
