/** The settings: entered in place, checked at once, saved all or none, with the worker's refusal at its field. */
import { ask } from './api.js';
import { changed, html, nothing, say } from './ui.js';
import { some } from './format.js';
import { settingField, textOf, valueOf } from './settings-field.js';
import { carrySection } from './carry.js';
import { toast } from './toast.js';

const NAMES = {
  http: 'HTTP', store: 'Store', observer: 'Observers', vector: 'Search by meaning', search: 'Search', process: 'Processes',
  project: 'Projects', privacy: 'Privacy', context: 'Context', watchdog: 'Watchdog', cluster: 'Cluster', log: 'Log', dataDir: 'Data',
};

/** @type {any[] | null} */
let settings = null;
let begun = false;
let error = null;
let saving = false;
let filter = '';
/** Texts that differ from what is set, by key; null takes the key out of the file. @type {Map<string, string | null>} */
const edits = new Map();
/** @type {Map<string, string>} */
const problems = new Map();

async function load() {
  try {
    const answer = await ask('/api/settings');
    settings = answer.settings;
    error = answer.problem ? new Error(answer.problem) : null;
  } catch (failure) {
    error = failure;
  }
  changed();
}

/** As it stands: what a change has made of it for the next start, else what the worker runs with. */
const current = setting => (setting.secret ? '' : textOf(setting, (setting.next ?? setting).value));

function edit(setting, text) {
  if (text === current(setting)) {
    edits.delete(setting.key);
  } else {
    edits.set(setting.key, text);
  }
  const { problem } = valueOf(setting, text ?? '');
  if (problem && text !== null) {
    problems.set(setting.key, problem);
  } else {
    problems.delete(setting.key);
  }
  changed();
}

/** The edits as the tree that the worker takes. */
function tree() {
  const root = {};
  for (const [key, text] of edits) {
    const setting = settings.find(one => one.key === key);
    const path = key.split('.');
    let node = root;
    for (const step of path.slice(0, -1)) {
      node = node[step] ??= {};
    }
    node[path.at(-1)] = text === null ? null : valueOf(setting, text).value;
  }
  return root;
}

function showFirstProblem() {
  filter = '';
  changed();
  requestAnimationFrame(() => document.querySelector('.setting [aria-invalid="true"]')?.focus());
}

async function save() {
  if (problems.size > 0) {
    showFirstProblem();
    return;
  }
  saving = true;
  changed();
  try {
    const { atNextStart, overridden } = await ask('/api/settings', { method: 'PUT', json: tree() });
    edits.clear();
    await load();
    const above = Object.keys(overridden ?? {});
    toast('Saved. ' + some(atNextStart.length, 'setting') + ' will change at the next start: cairn restart'
      + (above.length ? '. Another source stands above ' + above.join(', ') : ''), { ms: 12_000 });
  } catch (failure) {
    if (failure.field && settings.some(one => one.key === failure.field)) {
      problems.set(failure.field, failure.message);
      say(failure.message);
      showFirstProblem();
    } else {
      toast(failure.message, { kind: 'error', ms: 12_000 });
    }
  }
  saving = false;
  changed();
}

function discard() {
  edits.clear();
  problems.clear();
  changed();
}

function group(name, rows) {
  return html`<section class="group" id=${'group-' + name}><h2 tabindex="-1">${NAMES[name] ?? name}</h2>
    ${rows.map(setting => settingField(setting, {
      text: edits.has(setting.key) ? edits.get(setting.key) ?? textOf(setting, setting.default) : current(setting),
      edited: edits.has(setting.key),
      problem: problems.get(setting.key),
      onText: text => edit(setting, text),
      onReset: () => edit(setting, null),
    }))}</section>`;
}

const jump = (id, name) => html`<button class="plain" @click=${() => {
  const section = document.getElementById(id);
  section.scrollIntoView();
  section.querySelector('h2').focus({ preventScroll: true });
}}>${name}</button>`;

export function settingsPage() {
  if (!begun) {
    begun = true;
    load();
  }
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (settings ?? []).filter(one => words.every(word => (one.key + ' ' + one.help).toLowerCase().includes(word)));
  const groups = new Map();
  shown.forEach(one => {
    const name = one.key.split('.')[0];
    groups.set(name, [...(groups.get(name) ?? []), one]);
  });
  return html`<main class="plain-page settings"><div class="title"><h1>Settings</h1>
    <p class="hint">They are kept in <code>settings.json</code> in the data directory. The worker reads them when it starts.</p></div>
    <nav aria-label="Groups of settings"><div>${[...groups.keys()].map(name => jump('group-' + name, NAMES[name] ?? name))}${jump('carry', 'Export and import')}</div></nav>
    <div class="groups">
    ${error ? html`<div class="problem" role="alert"><p>${error.message}</p><button @click=${load}>Try again</button></div>` : nothing}
    <label class="field narrow find"><span>Find a setting</span><input type="search" .value=${filter} @input=${event => { filter = event.target.value; changed(); }}></label>
    ${settings && shown.length === 0 ? html`<p class="empty">No setting has these words.</p>` : nothing}
    ${[...groups].map(([name, rows]) => group(name, rows))}
    ${carrySection()}</div>
    ${edits.size > 0 ? html`<div class="save-bar" role="region" aria-label="Changes">
      <span>${some(edits.size, 'change')}${problems.size ? ', ' + problems.size + ' to mend' : ''}</span>
      <button class="primary" ?disabled=${saving} @click=${save}>Save</button>
      <button ?disabled=${saving} @click=${discard}>Discard</button></div>` : nothing}
  </main>`;
}
