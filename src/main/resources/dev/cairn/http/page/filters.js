/** What narrows the list: a bar of choices, and those that are set as words that can be taken off again. */
import { ask } from './api.js';
import { changed, html, live, nothing } from './ui.js';
import { AGENT_WORDS, agentName, count, projectName } from './format.js';
import { address, go, place } from './place.js';
import * as icons from './icons.js';

const KINDS = { observation: 'Observations', summary: 'Summaries', prompt: 'Prompts' };
const TYPES = ['bugfix', 'feature', 'refactor', 'change', 'discovery', 'decision', 'note'];
const ORDERS = { relevance: 'Best match first', newest: 'Newest first', oldest: 'Oldest first' };

/** @type {any[]} */
let projects = [];
let unfolded = false;

export async function loadProjects() {
  try {
    projects = (await ask('/api/projects')).projects;
    changed();
  } catch {
    // The filter has then only what the address names; the list says what is wrong.
  }
}

/** The projects as they were told last. */
export const knownProjects = () => projects;

/** Changes filters; the rest of the address stays, but no memory of another list is left open. */
export function narrow(changes, instead = false) {
  const here = place();
  go(address({ ...here.filters, ...changes }, instead ? here.open : null), instead);
}

const choice = (name, label, value, all, options) => html`<label class="choice ${value ? 'set' : ''}">
  <span>${label}</span>
  <select name=${name} .value=${live(value ?? '')} @change=${event => narrow({ [name]: event.target.value })}>
    <option value="" ?selected=${!value}>${all}</option>
    ${options.map(([word, text]) => html`<option value=${word} ?selected=${word === value}>${text}</option>`)}
  </select></label>`;

const typed = (name, label, value, hint, type = 'text') => html`<label class="choice ${value ? 'set' : ''}">
  <span>${label}</span>
  <input name=${name} type=${type} placeholder=${hint} .value=${live(value ?? '')}
    @change=${event => narrow({ [name]: event.target.value.trim() })}></label>`;

/** Words to choose from, with the one that is set even when it is none of them. */
const withSet = (options, value, text = word => word) =>
  value && !options.some(([word]) => word === value) ? [...options, [value, text(value)]] : options;

export function filterBar(filters, feed) {
  const projectOptions = withSet(
    projects.map(row => [row.project, (row.projectName) + ' (' + count(row.observations) + ')']),
    filters.project, projectName);
  const agents = withSet([...new Set([...AGENT_WORDS, ...feed.rows.slice(0, 200).map(row => row.platform)])].map(word => [word, agentName(word)]), filters.platform, agentName);
  const set = ['kind', 'type', 'concept', 'file', 'platform', 'from', 'to'].filter(name => filters[name]).length;
  return html`<div class="filters ${unfolded ? 'unfolded' : ''}">
    <button class="fold" aria-expanded=${unfolded} @click=${() => { unfolded = !unfolded; changed(); }}>
      ${icons.filter()} Filters${set + (filters.project ? 1 : 0) > 0 ? ' (' + (set + (filters.project ? 1 : 0)) + ')' : ''}</button>
    <div class="choices">
      ${choice('project', 'Project', filters.project, 'All', projectOptions)}
      ${choice('kind', 'Kind', filters.kind, 'All', withSet(Object.entries(KINDS), filters.kind))}
      ${choice('type', 'Type', filters.type, 'All', withSet(TYPES.map(word => [word, word]), filters.type))}
      ${choice('platform', 'Agent', filters.platform, 'All', agents)}
      ${typed('concept', 'Concept', filters.concept, 'any')}
      ${typed('file', 'File', filters.file, 'path or part')}
      ${typed('from', 'From', filters.from, '', 'date')}
      ${typed('to', 'To', filters.to, '', 'date')}
      ${choice('order', 'Order', filters.order, filters.query ? ORDERS.relevance : ORDERS.newest,
        Object.entries(ORDERS).filter(([word]) => (filters.query ? word !== 'relevance' : word === 'oldest')))}
    </div>
  </div>`;
}

/** Those that are set, each with a way to take it off. */
export function chips(filters) {
  const words = {
    kind: KINDS[filters.kind] ?? filters.kind,
    type: filters.type,
    concept: filters.concept,
    file: filters.file,
    project: filters.project && projectName(filters.project),
    platform: filters.platform && agentName(filters.platform),
    from: filters.from && 'from ' + filters.from,
    to: filters.to && 'until ' + filters.to,
  };
  const set = Object.entries(words).filter(([, text]) => text);
  return set.length === 0 ? nothing : html`<ul class="chips" aria-label="Filters that are set">
    ${set.map(([name, text]) => html`<li><button class="chip" @click=${() => narrow({ [name]: undefined })}
      aria-label=${'Remove the filter ' + name + ': ' + text}>${text} ${icons.close()}</button></li>`)}
    ${set.length > 1 ? html`<li><button class="plain" @click=${() => narrow(Object.fromEntries(set.map(([name]) => [name, undefined])))}>Remove all</button></li>` : nothing}
  </ul>`;
}
