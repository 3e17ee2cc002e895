/**
 * Draws a chart as a picture of dots. By hand, from the few shapes that our charts are made of: the pages' policy lets no picture
 * be loaded that was made from text, and needs no exception for this.
 */

/** As charts that stand alone are coloured: `src/web/progress.rs`. @type {Record<string, { fill?: string, stroke?: string, dash?: number[] }>} */
const STYLES = {
  bar: { fill: '#2b6fb3' },
  count: { fill: '#1d2129' },
  grid: { stroke: '#c4c9d2' },
  'grid hot': { stroke: '#c4c9d2', dash: [4, 4] },
  'polyline before': { stroke: '#b3492b' },
  'polyline after': { stroke: '#2b6fb3' },
  'circle before': { fill: '#ffffff', stroke: '#b3492b' },
  'circle after': { fill: '#2b6fb3', stroke: '#2b6fb3' },
};
const PAPER = '#ffffff';
const FONT = '13px sans-serif';
/** Dots to a unit of a chart: sharp on screens and in print. */
const SCALE = 2;
const MARGIN = 12;

/** @param {SVGSVGElement} chart @returns {Promise<Blob>} */
export function picture(chart) {
  const { x, y, width, height } = chart.viewBox.baseVal;
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + 2 * MARGIN) * SCALE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(SCALE, SCALE);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(MARGIN - x, MARGIN - y);
  for (const shape of chart.children) draw(context, shape);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser drew nothing'))), 'image/png');
  });
}

/** @param {CanvasRenderingContext2D} context @param {Element} shape */
function draw(context, shape) {
  const name = shape.getAttribute('class') ?? '';
  const { fill, stroke, dash = [] } = STYLES[name] ?? STYLES[`${shape.tagName} ${name}`] ?? {};
  const of = (/** @type {string} */ attribute) => Number(shape.getAttribute(attribute) ?? 0);
  context.setLineDash(dash);
  context.lineWidth = shape.tagName === 'line' ? 1 : 2;
  context.fillStyle = fill ?? 'transparent';
  context.strokeStyle = stroke ?? 'transparent';
  if (shape.tagName === 'text') {
    context.font = FONT;
    context.textAlign = 'center';
    // What a pointer would be told is no part of the picture.
    context.fillText(shape.textContent ?? '', of('x'), of('y') + of('dy'));
    return;
  }
  context.beginPath();
  if (shape.tagName === 'rect') context.roundRect(of('x'), of('y'), of('width'), of('height'), of('rx'));
  if (shape.tagName === 'circle') context.arc(of('cx'), of('cy'), of('r'), 0, 2 * Math.PI);
  if (shape.tagName === 'line') {
    context.moveTo(of('x1'), of('y1'));
    context.lineTo(of('x2'), of('y2'));
  }
  if (shape.tagName === 'polyline') {
    for (const point of (shape.getAttribute('points') ?? '').split(' ')) context.lineTo(...(/** @type {[number, number]} */ (point.split(',').map(Number))));
  }
  if (fill && shape.tagName !== 'polyline') context.fill();
  if (stroke) context.stroke();
}

/** Saves the chart that a button is for, as PNG. @param {Event} event */
export async function save(event) {
  const id = event.target instanceof Element ? event.target.getAttribute('data-png') : null;
  const chart = id && document.getElementById(id)?.querySelector('svg');
  if (!chart) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await picture(chart));
  link.download = `composure-${id}.png`;
  link.click();
  // The download has its bytes by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
