/** The first page: search, filters, the list, and beside it the memory that is open. */
import { changed, html, later, nothing } from './ui.js';
import { agentName, marked, moment, projectName, some, time, when } from './format.js';
import { feed, keyOf } from './feed.js';
import { Windowed } from './windowed.js';
import { chips, filterBar, loadProjects, narrow } from './filters.js';
import { address, go, place } from './place.js';
import { detail, showDetail } from './detail.js';
import { editMemory } from './editor.js';
import { sessionHead } from './sessions.js';
import { onStream } from './stream.js';
import * as icons from './icons.js';

const TYPING_MS = 160;
const STORED = new Set(['prompt', 'observation', 'summary']);


/** What stands below a title: nothing, where it would only say the same again. */
function textOf(entry) {
  const words = entry.snippet ?? entry.subtitle ?? '';
  return words === entry.title ? '' : words;
}

const list = new Windowed(entry => textOf(entry) === '');
let fresh = 0;
let shown = '';

const type = later(text => narrow({ query: text.trim() || undefined, order: undefined }, true), TYPING_MS);

// What is being typed stands above the address, until the address goes back by itself.
addEventListener('popstate', () => {
  const input = document.getElementById('search');
  if (input) {
    type.cancel();
    input.value = place().filters.query ?? '';
  }
});

onStream(({ name }) => {
  if (STORED.has(name)) {
    feed.touched();
  } else if (name === 'reset' || name === 'forgotten' || name === 'reconnected') {
    feed.touched();
    loadProjects();
  }
});

function row(entry, index, here) {
  const key = keyOf(entry);
  const text = textOf(entry);
  const isOpen = here.open && keyOf(here.open) === key;
  return html`<li class="row ${entry.kind} ${text ? '' : 'brief'} ${isOpen ? 'open' : ''}" aria-posinset=${index + 1} aria-setsize=${feed.total}>
    <a href=${address(here.filters, entry)} data-index=${index} aria-current=${isOpen ? 'true' : nothing}>
      <span class="mark ${entry.type ?? entry.kind}" aria-hidden="true"></span>
      <span class="title">${entry.title}</span>
      <time datetime=${new Date(entry.createdAt).toISOString()} title=${moment(entry.createdAt)}>${feed.byTime ? time(entry.createdAt) : when(entry.createdAt)}</time>
      ${text ? html`<span class="text">${marked(text)}</span>` : nothing}
      <span class="about">
        <span class="word">${entry.type ?? entry.kind}</span>
        <span>${projectName(entry.project)}</span>
        <span class="agent">${agentName(entry.platform)}</span>
        ${entry.files.length ? html`<span class="files">${some(entry.files.length, 'file')}</span>` : nothing}
        ${entry.supersededBy ? html`<span class="corrected">corrected</span>` : nothing}
      </span>
    </a></li>`;
}

/** What served the list, in a sentence. */
function served(filters) {
  if (feed.rows.length === 0 && feed.loading) {
    return 'Loading …';
  }
  const how = feed.strategies.length ? 'by ' + feed.strategies.map(word => (word === 'semantic' ? 'meaning' : word === 'keyword' ? 'words' : word)).join(' and ') : '';
  const { indexed = 0, total = 0 } = feed.coverage ?? {};
  const partly = feed.strategies.includes('semantic') && indexed < total ? ', ' + Math.floor((100 * indexed) / total) + ' % indexed' : '';
  return filters.query
    ? some(feed.total, 'memory') + ' found ' + how + ' in ' + feed.tookMs + ' ms' + partly
    : some(feed.total, 'memory');
}

function empty(here) {
  if (feed.loading || feed.error) {
    return nothing;
  }
  if (Object.keys(here.filters).length > 0) {
    return html`<div class="empty"><h2>Nothing fits</h2>
      <p>${here.filters.query ? 'No memory has these words. Try fewer, or other ones: words are matched by their stem, and a * at the end matches every ending.' : 'No memory passes these filters.'}</p>
      <p><a href="/">Show everything</a></p></div>`;
  }
  return html`<div class="empty">${icons.cairn()}<h2>No memories yet</h2>
    <p>Cairn remembers what your coding agents do. Connect one, work as you always do, and what was learned appears here by itself.</p>
    <pre><code>cairn install claude-code</code></pre>
    <p><code>cairn install</code> alone lists the other agents. You can also
      <button class="plain" @click=${() => editMemory()}>write a memory yourself</button>
      or <a href="/settings">import one</a> at the end of the settings.</p></div>`;
}

function problem() {
  return feed.error ? html`<div class="problem" role="alert"><p>${feed.error.message}</p>
    <button @click=${() => { feed.error = null; feed.reload(); }}>Try again</button></div>` : nothing;
}

const skeleton = () => html`<div class="skeleton" aria-hidden="true">${[1, 2, 3, 4, 5, 6].map(() => html`<div></div>`)}</div>`;

export function memoryPage() {
  const here = place();
  feed.show(here.filters);
  showDetail(here.open);
  const searching = document.activeElement?.id === 'search';
  return html`<main class="memory ${here.open ? 'with-detail' : ''}" @keydown=${keys}>
    <section class="listing" aria-label="Memories">
      <div class="seek">
        <form role="search" @submit=${event => { event.preventDefault(); focusRow(0); }}>
          <label class="search">${icons.search()}<span class="unseen">Search</span>
            <input id="search" type="search" placeholder="Search what was learned" autocomplete="off" spellcheck="false"
              .value=${searching ? document.activeElement.value : here.filters.query ?? ''}
              @input=${event => type(event.target.value)}>
            <kbd aria-hidden="true">/</kbd></label>
        </form>
        <button class="primary" aria-label="New memory" @click=${() => editMemory()}>${icons.plus()} <span>New memory</span></button>
      </div>
      ${filterBar(here.filters, feed)}
      ${chips(here.filters)}
      ${here.filters.session ? sessionHead(here.filters.session) : nothing}
      <p class="served" id="served">${served(here.filters)}${feed.loading && feed.rows.length ? html`<span class="busy" aria-hidden="true"></span>` : nothing}</p>
      ${feed.fresh > 0 && list.top > 0 ? html`<button class="fresh" @click=${() => { list.toTop(); feed.fresh = 0; fresh = 0; changed(); }}>
        ${some(feed.fresh, 'new memory')}</button>` : nothing}
      ${problem()}
      ${feed.rows.length === 0 ? (feed.loading ? skeleton() : empty(here)) : nothing}
      ${list.view(feed.rows, feed.byTime, (entry, index) => row(entry, index, here), () => feed.more())}
    </section>
    ${here.open ? detail(here) : html`<aside class="detail none" aria-hidden="true">${feed.rows.length ? html`<p>Choose a memory to read it whole.</p>` : nothing}</aside>`}
  </main>`;
}

/** After each paint of this page. */
export function memoryPainted(root) {
  list.painted(root);
  const added = feed.fresh - fresh;
  fresh = feed.fresh;
  if (list.top > 0) {
    list.shift(Math.max(0, added));
  } else if (feed.fresh > 0) {
    feed.fresh = 0;
    fresh = 0;
  }
  const filters = JSON.stringify(place().filters);
  if (filters !== shown) {
    shown = filters;
    list.toTop();
  }
}

let coming = 0;

function focusRow(index) {
  const rows = feed.rows.length;
  const to = Math.max(0, Math.min(rows - 1, index));
  if (rows === 0) {
    return;
  }
  list.reveal(to);
  changed();
  cancelAnimationFrame(coming);
  coming = requestAnimationFrame(() => document.querySelector('.rows a[data-index="' + to + '"]')?.focus());
}

/** What was to have the focus next does not take it away again. */
export function focusSearch() {
  cancelAnimationFrame(coming);
  document.getElementById('search').focus();
}

function keys(event) {
  const at = event.target.closest?.('.rows a')?.dataset.index;
  const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  const step = steps[event.key];
  if (event.target.id === 'search' && event.key === 'ArrowDown') {
    event.preventDefault();
    focusRow(0);
  } else if (at !== undefined && step && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (step < 0 && at === '0') {
      focusSearch();
    } else {
      focusRow(Number(at) + step);
    }
  }
}

/** Closes what is open and gives the focus back to its row. */
export function closeDetail() {
  const here = place();
  const index = here.open ? feed.rows.findIndex(entry => keyOf(entry) === keyOf(here.open)) : -1;
  go(address(here.filters));
  if (index >= 0) {
    focusRow(index);
  }
}

