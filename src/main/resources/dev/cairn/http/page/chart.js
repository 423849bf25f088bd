/** A chart over time. It follows the theme and the width it is given. */
import { html } from './ui.js';

/** Told apart in both themes, and by those who do not see all colours. */
const COLOURS = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5'];
const HEIGHT = 180;

/** @type {Map<string, {plot: any, key: string, observer: ResizeObserver}>} */
const charts = new Map();
let loading = null;

const library = () => (loading ??= import('./uplot.js').then(module => module.default));

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A time on the axis, as exact as the span asks for. */
function moment(at, length) {
  const form = length > 2 * 86_400 ? { weekday: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' };
  return new Date(at * 1000).toLocaleString(undefined, form);
}

/** @param {string} id @param {string} label what a screen reader calls it */
export const chartPlace = (id, label) => html`<div class="chart" id=${id} role="img" aria-label=${label}></div>`;

/**
 * Draws into a place that is on the page.
 * @param {string} id
 * @param {number[]} times seconds
 * @param {{name: string, values: (number | null)[]}[]} series
 * @param {(value: number) => string} format
 * @param {[number, number]} span the begin and the end of the whole, seconds
 */
export async function draw(id, times, series, format, span) {
  const UPlot = await library();
  const element = document.getElementById(id);
  if (!element) {
    return;
  }
  const key = JSON.stringify([series.map(one => one.name), document.documentElement.dataset.theme ?? '', matchMedia('(prefers-color-scheme: dark)').matches]);
  const data = [times, ...series.map(one => one.values)];
  const old = charts.get(id);
  if (old && old.key === key && element.contains(old.plot.root)) {
    old.plot.setData(data, false);
    old.plot.setScale('x', { min: span[0], max: span[1] });
    return;
  }
  old?.plot.destroy();
  old?.observer.disconnect();
  const axis = { stroke: colour('--faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const plot = new UPlot({
    width: Math.max(200, element.clientWidth),
    height: HEIGHT,
    cursor: { y: false },
    legend: { live: true },
    scales: { x: { range: (u, low, high) => (low === null ? span : [low, high]), min: span[0], max: span[1] }, y: { range: (u, low, high) => [0, Math.max(1, high) * 1.1] } },
    axes: [{ ...axis, values: (u, splits) => splits.map(at => moment(at, u.scales.x.max - u.scales.x.min)) }, { ...axis, size: 64, values: (u, splits) => splits.map(format), incrs: format.steps }],
    series: [
      { value: (u, at) => (at === null ? '' : new Date(at * 1000).toLocaleString()) },
      ...series.map((one, index) => ({
        label: one.name,
        stroke: colour(COLOURS[index % COLOURS.length]),
        width: 2,
        dash: index >= COLOURS.length ? [6, 4] : undefined,
        points: { show: times.length < 3 },
        value: (u, value) => (value === null || value === undefined ? '' : format(value)),
      })),
    ],
  }, data, element);
  const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }));
  observer.observe(element);
  charts.set(id, { plot, key, observer });
}
