/** What the worker runs: its children, its chain of verticles, its parts; and two things to do about children. */
import { ask, url } from './api.js';
import { changed, html, later, nothing } from './ui.js';
import { bytes, count, moment, projectName, some, span, time } from './format.js';
import { chartPlace, draw } from './chart.js';
import { confirmed } from './dialogs.js';
import { failed, toast } from './toast.js';
import { onStream } from './stream.js';
import { place } from './place.js';
import { loadUsage, usageSection } from './usage.js';

const REFRESH_MS = 5_000;
const CHARTS_MS = 30_000;
const FIRST_CHARTS_MS = 5_000;
const RANGES = { hour: [3_600_000, 30], day: [86_400_000, 600], week: [604_800_000, 3_600] };

const wholeSteps = Object.assign(value => (Number.isInteger(value) ? String(value) : ''), { steps: [1, 2, 5, 10, 20, 50, 100, 500, 1000] });
const byteSteps = Object.assign(bytes, { steps: Array.from({ length: 30 }, (none, power) => 2 ** (power + 12)) });

const state = { processes: null, health: null, stats: null, verticles: [], alerts: [], error: null, range: 'hour', busy: false };
let begun = false;

const here = () => place().page === '/processes' && document.visibilityState === 'visible';
const soon = later(load, 150);

onStream(({ name }) => {
  if (begun && here() && ['process', 'alert', 'reset', 'reconnected'].includes(name)) {
    soon();
  }
});

async function load() {
  if (!here()) {
    return;
  }
  try {
    const [processes, health, stats, verticles, alerts] = await Promise.all([
      ask('/api/processes'), ask('/health'), ask('/api/stats'), ask('/api/verticles'), ask('/api/processes/alerts')]);
    Object.assign(state, { processes, health, stats, verticles: verticles.verticles, alerts: alerts.alerts, error: null });
  } catch (failure) {
    state.error = failure;
  }
  changed();
}

/** @returns whether there was something to draw */
async function charts() {
  if (!here()) {
    return true;
  }
  const [length, step] = RANGES[state.range];
  const to = Date.now();
  let samples;
  try {
    samples = (await ask(url('/api/processes/history', { from: to - length, to, step }))).samples;
  } catch {
    // The page says already that the worker does not answer.
    return true;
  }
  const kinds = [...new Set(samples.map(sample => sample.kind))].sort();
  const times = [...new Set(samples.map(sample => sample.at))].sort((one, other) => one - other);
  const at = new Map(samples.map(sample => [sample.kind + ' ' + sample.at, sample]));
  const series = value => kinds.map(kind => ({ name: kind, values: times.map(when => { const sample = at.get(kind + ' ' + when); return sample ? value(sample) : null; }) }));
  const known = times.length > 0;
  document.getElementById('charts')?.classList.toggle('no-data', !known);
  if (known) {
    const whole = [(to - length) / 1000, to / 1000];
    const seconds = times.map(when => when / 1000);
    draw('chart-count', seconds, series(sample => sample.processes), wholeSteps, whole);
    draw('chart-memory', seconds, series(sample => sample.memoryBytes), byteSteps, whole);
  }
  return known;
}

/** A worker just started has no samples yet: its first ones are not kept waiting for. */
async function keepCharts() {
  const known = await charts();
  setTimeout(keepCharts, known ? CHARTS_MS : FIRST_CHARTS_MS);
}

function begin() {
  begun = true;
  load();
  requestAnimationFrame(keepCharts);
  loadUsage();
  setInterval(load, REFRESH_MS);
}

let wasHere = false;

/** Coming back to the page shows what is, not what was. */
export function processesPainted() {
  if (begun && !wasHere) {
    load();
    charts();
    loadUsage();
  }
  wasHere = true;
}

export function processesLeft() {
  wasHere = false;
}

async function act(path, json, told) {
  state.busy = true;
  changed();
  try {
    const { ended } = await ask('/api/admin/' + path, { json });
    toast(told(ended));
  } catch (failure) {
    failed(failure);
  }
  state.busy = false;
  load();
}

async function recycle(child) {
  const sure = await confirmed('Recycle ' + child.kind + '?', 'Process ' + child.pid + ' is ended in the ordinary way, and what it started with it. '
    + 'Whoever needs one starts another.', 'Recycle');
  if (sure) {
    act('recycle', { pid: child.pid }, ended => 'Ended ' + some(ended, 'child').replace('childs', 'children'));
  }
}

async function sweep() {
  const sure = await confirmed('Sweep now?', 'Processes that are proven to be the worker’s and belong to nobody are ended. '
    + 'This happens by itself too, from time to time.', 'Sweep');
  if (sure) {
    act('sweep', {}, ended => (ended ? 'Ended ' + some(ended, 'stray') : 'No strays were found'));
  }
}

/** Those a process started, below it. */
const below = (child, parent, depth) => child.descendants.filter(member => member.parent === parent).map(member => html`
  <tr class="member"><th scope="row"><span class="depth" .style=${'--depth:' + depth}>${member.name}</span></th><td></td><td class="number">${member.pid}</td>
    <td></td><td></td><td class="number">${bytes(member.memoryBytes)}</td><td></td><td></td><td></td></tr>
  ${below(child, member.pid, depth + 1)}`);

const adopted = child => {
  const known = new Set([child.pid, ...child.descendants.map(member => member.pid)]);
  return child.descendants.filter(member => !known.has(member.parent));
};

const childRows = child => html`<tr>
    <th scope="row">${child.kind}</th><td>${child.owner}</td><td class="number">${child.pid}</td>
    <td><span class="state state-${child.state}">${child.state}</span></td>
    <td class="number" title=${moment(child.startedAt)}>${span(Date.now() - child.startedAt)}</td>
    <td class="number">${bytes(child.memoryBytes)}</td><td class="number">${Math.round(child.cpu * 100)} %</td>
    <td class="number">${child.restarts}</td>
    <td><button ?disabled=${state.busy} @click=${() => recycle(child)} aria-label=${'Recycle ' + child.kind + ', process ' + child.pid}>Recycle</button></td></tr>
  ${below(child, child.pid, 1)}
  ${adopted(child).map(member => html`<tr class="member"><th scope="row"><span class="depth" .style=${'--depth:1'}>${member.name}</span></th><td class="faint">left its parent</td>
    <td class="number">${member.pid}</td><td></td><td></td><td class="number">${bytes(member.memoryBytes)}</td><td></td><td></td><td></td></tr>`)}`;

function children({ children, node, guardian }) {
  return html`<section class="group"><div class="group-head"><h2>Children</h2>
      <button ?disabled=${state.busy} @click=${sweep}>Sweep now</button></div>
    ${children.length === 0 ? html`<p class="empty small">The worker runs no child process now. One appears here when a part needs it.</p>`
      : html`<div class="wide" tabindex="0" role="region" aria-label="Children"><table>
        <thead><tr><th scope="col">Kind</th><th scope="col">Owner</th><th scope="col" class="number">Process</th><th scope="col">State</th><th scope="col" class="number">Age</th>
          <th scope="col" class="number">Memory</th><th scope="col" class="number">CPU</th><th scope="col" class="number">Restarts</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
        <tbody>${children.map(childRows)}</tbody></table></div>`}
    <p class="faint">Worker ${node}, version ${state.health.version}${guardian ? ', guardian ' + guardian : ''}</p></section>`;
}

const strays = list => (list.length ? html`<section class="group problem" role="alert"><h2>Strays</h2>
  <ul>${list.map(one => html`<li>${one.name} (process ${one.pid}, below ${one.parent})</li>`)}</ul></section>` : nothing);

const alertWord = { stray: 'Stray', limit: 'Limit', leak: 'Leak', stopOverdue: 'Slow stop', circuit: 'Kept failing' };

const alerts = () => html`<section class="group"><h2>Alerts and strays</h2>
  ${state.alerts.length === 0 ? html`<p class="empty small">None since the worker started.</p>`
    : html`<ol class="alerts">${state.alerts.map(one => html`<li><span class="state state-alert">${alertWord[one.what] ?? one.what}</span>
        <span>${one.message}</span><time class="faint" title=${moment(one.at)}>${time(one.at)}</time></li>`)}</ol>`}</section>`;

const chain = () => html`<section class="group"><h2>Verticles</h2>
  <p class="hint">Each deploys the next, so they stop one by one, the last one first.</p>
  <div class="wide" tabindex="0" role="region" aria-label="Verticles"><table><thead><tr><th scope="col">Link</th><th scope="col" class="number">Instances</th><th scope="col" class="number">Stops as</th><th scope="col">Deployment</th></tr></thead>
    <tbody>${state.verticles.map((link, depth) => html`<tr><th scope="row"><span class="depth" .style=${'--depth:' + depth * 0.6}>${link.name}</span></th>
      <td class="number">${link.instances}</td><td class="number">${link.stopOrder}</td><td><code>${link.deploymentId}</code></td></tr>`)}</tbody></table></div></section>`;

const parts = () => html`<section class="group"><h2>Parts</h2><div class="parts">
  ${Object.entries(state.health.parts ?? {}).map(([name, part]) => html`<div class="part-card"><h3>${name} <span class="state state-${part.state}">${part.state}</span></h3>
    <dl>${Object.entries(part.detail).sort(([one], [other]) => one.localeCompare(other)).map(([key, value]) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}</dl></div>`)}
  </div></section>`;

const figure = (name, value, note = '') => html`<div class="figure"><dt>${name}</dt><dd>${value}${note ? html`<small>${note}</small>` : nothing}</dd></div>`;

function figures() {
  const { health, stats, processes } = state;
  const memory = processes.children.reduce((sum, child) => sum + child.memoryBytes, 0);
  return html`<dl class="figures">
    ${figure('Worker', html`<span class="state state-${health.status}">${health.status}</span>`, 'for ' + span(health.uptimeMs))}
    ${figure('Children', count(processes.children.length), bytes(memory))}
    ${figure('Queue', count(stats.queue.pending + stats.queue.claimed), stats.queue.parked ? stats.queue.parked + ' parked' : stats.queue.claimed ? stats.queue.claimed + ' being observed' : 'nothing waits')}
    ${figure('By meaning', stats.vectors.mode === 'off' ? 'off' : Math.floor((100 * stats.vectors.indexed) / Math.max(1, stats.vectors.total)) + ' %', count(stats.vectors.indexed) + ' of ' + count(stats.vectors.total) + ' indexed')}
    ${figure('Memories', count(stats.observations + stats.summaries + stats.prompts), projectName(stats.database.path) + ', ' + bytes(stats.database.bytes))}
  </dl>`;
}

function setRange(range) {
  state.range = range;
  changed();
  charts();
}

const history = () => html`<section class="group" ><div class="group-head"><h2>Over time</h2>
    <div class="segments" role="group" aria-label="Span of time">${Object.keys(RANGES).map(range => html`<button aria-pressed=${range === state.range} @click=${() => setRange(range)}>${range}</button>`)}</div></div>
  <div id="charts" class="charts no-data">
    <figure><figcaption>Processes</figcaption>${chartPlace('chart-count', 'Number of processes of each kind of child over the last ' + state.range)}</figure>
    <figure><figcaption>Memory</figcaption>${chartPlace('chart-memory', 'Memory of each kind of child over the last ' + state.range)}</figure>
    <p class="empty small">No child ran in this time.</p></div></section>`;

export function processesPage() {
  if (!begun) {
    begin();
  }
  return html`<main class="plain-page processes"><h1>Processes</h1>
    ${state.error ? html`<div class="problem" role="alert"><p>${state.error.message}</p></div>` : nothing}
    ${state.processes ? html`${figures()}${strays(state.processes.strays)}${children(state.processes)}` : nothing}
    ${history()}
    ${state.processes ? html`${alerts()}
      <section class="group"><h2>What owns the children</h2><p class="words">${state.processes.layers.map(layer => html`<span class="chip still">${layer}</span>`)}
        <span class="faint">spawn gate ${state.processes.gate}</span></p></section>
      ${usageSection()}${parts()}${chain()}` : nothing}
  </main>`;
}
