/** The sessions, newest first, and the head of one session's timeline. */
import { ask, url } from './api.js';
import { changed, html, later, nothing } from './ui.js';
import { agentName, dayName, dayOf, moment, projectName, some, span, time } from './format.js';
import { address } from './place.js';
import { onStream } from './stream.js';

const PAGE = 50;

let rows = [];
let next = null;
let begun = false;
let loading = false;
let error = null;

/** @type {{id: string, session: any | null} | null} */
let head = null;

onStream(({ name }) => {
  if (begun && (name === 'session' || name === 'reset')) {
    soon();
  }
});

const soon = later(() => load(null), 500);

async function load(cursor) {
  loading = true;
  changed();
  try {
    const page = await ask(url('/api/sessions', { limit: PAGE, cursor }));
    const fresh = new Set(page.items.map(row => row.id));
    if (cursor) {
      rows = [...rows, ...page.items.filter(row => !rows.some(old => old.id === row.id))];
      next = page.next;
    } else if (rows.length <= PAGE) {
      rows = page.items;
      next = page.next;
    } else {
      rows = [...page.items, ...rows.filter(row => !fresh.has(row.id))];
    }
    error = null;
  } catch (failure) {
    error = failure;
  }
  loading = false;
  changed();
}

const lasted = row => (row.endedAt ? span(row.endedAt - row.startedAt) : 'open');

const one = (row, index) => html`
  ${index === 0 || dayOf(rows[index - 1].startedAt) !== dayOf(row.startedAt) ? html`<li class="day"><h2>${dayName(row.startedAt)}</h2></li>` : nothing}
  <li class="session"><a href=${address({ session: row.sessionId, order: 'oldest' })}>
    <span class="title">${row.projectName}</span>
    <time title=${moment(row.startedAt)}>${time(row.startedAt)}</time>
    <span class="about"><span>${agentName(row.platform)}</span><span class=${row.endedAt ? '' : 'state-live'}>${lasted(row)}</span>
      <span>${some(row.prompts, 'prompt')}</span><span>${some(row.toolUses, 'tool use')}</span></span></a></li>`;

export function sessionsPage() {
  if (!begun) {
    begun = true;
    load(null);
  }
  return html`<main class="plain-page"><h1>Sessions</h1>
    ${error ? html`<div class="problem" role="alert"><p>${error.message}</p><button @click=${() => load(null)}>Try again</button></div>` : nothing}
    ${rows.length === 0 && !loading && !error ? html`<div class="empty"><h2>No sessions yet</h2>
      <p>Each conversation with an agent is one. Connect an agent with <code>cairn install</code>.</p></div>` : nothing}
    <ol class="sessions">${rows.map(one)}</ol>
    ${next ? html`<p><button ?disabled=${loading} @click=${() => load(next)}>Show older sessions</button></p>` : nothing}
  </main>`;
}

/** What stands above the memories of one session. */
export function sessionHead(id) {
  if (head?.id !== id) {
    head = { id, session: null };
    const mine = head;
    ask(url('/api/sessions', { session: id, limit: 1 })).then(page => {
      mine.session = page.items[0] ?? null;
      changed();
    }, () => {});
  }
  const row = head.session;
  return html`<div class="session-head"><div><p class="eyebrow">Timeline of a session</p>
    ${row ? html`<h2>${row.projectName ?? projectName(row.project)}</h2>
      <p class="about"><span>${agentName(row.platform)}</span><span title=${moment(row.startedAt)}>${dayName(row.startedAt)}, ${time(row.startedAt)}</span><span>${lasted(row)}</span>
        <span>${some(row.prompts, 'prompt')}</span><span>${some(row.toolUses, 'tool use')}</span></p>` : html`<h2>${id}</h2>`}</div>
    <a class="button" href="/">Leave</a></div>`;
}
