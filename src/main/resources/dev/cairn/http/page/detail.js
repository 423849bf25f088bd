/** One memory whole: what it says, what it was made of, and what stands around it. */
import { ask, url } from './api.js';
import { changed, html, nothing } from './ui.js';
import { agentName, count, moment, pretty, projectName, prose, some, time, when } from './format.js';
import { feed, keyOf } from './feed.js';
import { address, go } from './place.js';
import { forget } from './forget.js';
import { editMemory } from './editor.js';
import { failed, toast } from './toast.js';
import * as icons from './icons.js';

const LISTS = { observation: 'observations', summary: 'summaries', prompt: 'prompts' };
const SOURCES = 20;
const AROUND = 3;

/** @type {{key: string, row: any, error: Error | null, sources: any[], next: string | null, around: any[]} | null} */
let shown = null;
let abort = new AbortController();

/** @param {{kind: string, id: number} | null} open */
export function showDetail(open) {
  const key = open ? keyOf(open) : '';
  if (key !== (shown?.key ?? '')) {
    abort.abort();
    abort = new AbortController();
    shown = open ? { key, row: null, error: null, sources: [], next: null, around: [] } : null;
    if (open) {
      load(open, shown, abort.signal);
    }
  }
}

async function load(open, into, signal) {
  try {
    into.row = await ask('/api/' + LISTS[open.kind] + '/' + open.id, { signal });
    changed();
    const [sources, around] = await Promise.all([
      open.kind === 'observation' ? sourcesOf(open.id, null, signal) : { items: [], next: null },
      ask(url('/api/timeline', { anchor: open.id, before: AROUND, after: AROUND, project: into.row.project }), { signal }),
    ]);
    into.sources = sources.items;
    into.next = sources.next;
    into.around = around.items;
  } catch (failure) {
    if (failure.name !== 'AbortError' && into.row === null) {
      into.error = failure;
    } else if (failure.name !== 'AbortError') {
      failed(failure);
    }
  }
  changed();
}

const sourcesOf = (id, cursor, signal) =>
  ask(url('/api/tool-uses', { observation: id, limit: SOURCES, cursor }), { signal });

async function moreSources() {
  const into = shown;
  try {
    const page = await sourcesOf(into.row.id, into.next, abort.signal);
    into.sources = [...into.sources, ...page.items];
    into.next = page.next;
    changed();
  } catch (failure) {
    failed(failure);
  }
}

const part = (name, text) => (text ? html`<section class="part"><h3>${name}</h3><p class="prose">${prose(text)}</p></section>` : nothing);

const list = (name, items, template = item => item) =>
  items?.length ? html`<section class="part"><h3>${name}</h3><ul>${items.map(item => html`<li>${template(item)}</li>`)}</ul></section>` : nothing;

const file = path => html`<a class="file" href=${address({ file: path })}>${path}</a>`;

const concepts = words => (words?.length
  ? html`<section class="part"><h3>Concepts</h3><p class="words">${words.map(word => html`<a class="chip" href=${address({ concept: word })}>${word}</a>`)}</p></section>`
  : nothing);

function body(kind, row) {
  if (kind === 'prompt') {
    return html`<section class="part"><p class="prose">${row.text}</p></section>`;
  }
  if (kind === 'summary') {
    return html`${part('Asked', row.request)}${part('Looked into', row.investigated)}${part('Learned', row.learned)}
      ${part('Done', row.completed)}${part('Next', row.nextSteps)}${part('Notes', row.notes)}
      ${list('Files changed', row.filesModified, file)}${list('Files read', row.filesRead, file)}`;
  }
  return html`${row.narrative ? html`<section class="part"><p class="prose">${prose(row.narrative)}</p></section>` : nothing}
    ${list('Facts', row.facts, prose)}
    ${list('Commands', row.commands, run => html`<code>${run.command}</code>${run.outcome ? html` <span class="faint">${run.outcome}</span>` : nothing}`)}
    ${list('Files changed', row.filesModified, file)}${list('Files read', row.filesRead, file)}
    ${concepts(row.concepts)}`;
}

const source = use => html`<details class="source">
  <summary><span class="tool">${use.toolName}</span>
    <span class="faint">${time(use.createdAt)}${use.durationMs !== null && use.durationMs !== undefined ? ', ' + count(use.durationMs) + ' ms' : ''}${use.error ? ', failed' : ''}</span></summary>
  ${use.input ? html`<h4>Given</h4><pre tabindex="0">${pretty(use.input)}</pre>` : nothing}
  ${use.error ? html`<h4>Failed with</h4><pre tabindex="0">${pretty(use.error)}</pre>` : nothing}
  ${use.response ? html`<h4>Answered</h4><pre tabindex="0">${pretty(use.response)}</pre>` : nothing}
</details>`;

const sources = () => (shown.sources.length
  ? html`<section class="part"><h3>Made of</h3>${shown.sources.map(source)}
      ${shown.next ? html`<button class="plain" @click=${moreSources}>Show more</button>` : nothing}</section>`
  : nothing);

const around = (here, key) => (shown.around.length > 1
  ? html`<section class="part"><h3>Before and after</h3><ol class="around">
      ${shown.around.map(item => html`<li class=${keyOf(item) === key ? 'this' : ''}>
        ${keyOf(item) === key ? html`<span>${item.title}</span>` : html`<a href=${address(here.filters, item)}>${item.title}</a>`}
        <time title=${moment(item.createdAt)}>${when(item.createdAt)}</time></li>`)}</ol></section>`
  : nothing);

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast('The link was copied');
  } catch {
    toast('The browser does not let this page copy; the link stands in its address bar', { kind: 'error' });
  }
}

function actions(kind, row, title, here) {
  return html`<div class="buttons">
    ${kind === 'observation' && !row.supersededBy
      ? html`<button @click=${() => editMemory(row)} title="Save a new memory that stands in the place of this one">${icons.pencil()} Correct</button>` : nothing}
    ${row.sessionId ? html`<a class="button" href=${address({ session: row.sessionId, order: 'oldest' }, here.open)}>${icons.timeline()} Session</a>` : nothing}
    <button @click=${copyLink}>${icons.link()} Copy link</button>
    <button class="danger" @click=${() => { forget({ kind, id: row.id, title }, feed); go(address(here.filters)); }}>${icons.forget()} Forget</button>
  </div>`;
}

export function detail(here) {
  const { kind, id } = here.open;
  const close = html`<a class="button plain round" href=${address(here.filters)} aria-label="Close">${icons.close()}</a>`;
  if (shown?.error) {
    return html`<aside class="detail" aria-label="Memory"><header>${close}</header><div class="problem" role="alert">
      <p>${shown.error.status === 404 ? 'This memory is not there any more.' : shown.error.message}</p></div></aside>`;
  }
  if (!shown?.row) {
    return html`<aside class="detail" aria-label="Memory" aria-busy="true"><header>${close}</header></aside>`;
  }
  const row = shown.row;
  const title = row.title ?? (kind === 'summary' ? row.completed ?? row.learned ?? row.request : row.text) ?? '';
  const name = kind === 'observation' ? row.title : kind === 'summary' ? 'Summary of turn ' + row.turn : 'Prompt ' + row.turn;
  return html`<aside class="detail" aria-label="Memory">
    <header><p class="about"><span class="mark ${row.type ?? kind}" aria-hidden="true"></span><span class="word">${row.type ?? kind}</span>
      <span class="faint">${id}</span></p>${close}</header>
    <article>
      <h2 tabindex="-1" id="memory-title">${name}</h2>
      ${row.subtitle ? html`<p class="subtitle">${row.subtitle}</p>` : nothing}
      ${row.supersededBy ? html`<p class="notice">Corrected by
        <a href=${address(here.filters, { kind: 'observation', id: row.supersededBy.id })}>${row.supersededBy.title}</a></p>` : nothing}
      <p class="facts"><a href=${address({ project: row.project })}>${row.projectName ?? projectName(row.project)}</a>
        <span>${agentName(row.platform)}</span>
        <time datetime=${new Date(row.createdAt).toISOString()}>${moment(row.createdAt)}</time>
        ${row.times > 1 ? html`<span>seen ${some(row.times, 'time')}</span>` : nothing}</p>
      ${actions(kind, row, title, here)}
      ${body(kind, row)}
      ${sources()}
      ${around(here, keyOf(here.open))}
    </article>
  </aside>`;
}
