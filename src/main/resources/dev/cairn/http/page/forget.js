/**
 * Forgetting with a way back. The worker forgets for good, so it is only told when the time to undo is over, or when the page
 * is left.
 */
import { request } from './api.js';
import { keyOf } from './feed.js';
import { failed, toast } from './toast.js';

const UNDO_MS = 8_000;
const PLURAL = { observation: 'observations', summary: 'summaries', prompt: 'prompts' };

/** @type {Map<string, {row: any, feed: import('./feed.js').Feed}>} */
const waiting = new Map();

/** @param {any} row @param {import('./feed.js').Feed} feed */
export function forget(row, feed) {
  const key = keyOf(row);
  feed.hide(key);
  waiting.set(key, { row, feed });
  toast('Forgotten: ' + short(row.title), {
    action: { label: 'Undo', run: () => undo(key) },
    ms: UNDO_MS,
    gone: () => send(key),
  });
}

/** Whether it is on its way to be forgotten. */
export const isForgotten = key => waiting.has(key);

function undo(key) {
  const entry = waiting.get(key);
  if (entry) {
    waiting.delete(key);
    entry.feed.unhide(key);
    toast('Kept: ' + short(entry.row.title));
  }
}

async function send(key) {
  const entry = waiting.get(key);
  if (!entry) {
    return;
  }
  waiting.delete(key);
  try {
    await request('/api/' + PLURAL[entry.row.kind] + '/' + entry.row.id, { method: 'DELETE', keepalive: true });
  } catch (failure) {
    if (failure.status !== 404) {
      entry.feed.unhide(key);
      failed(failure);
    }
  }
}

const short = text => (text.length > 60 ? text.slice(0, 59) + '…' : text);

export function forgetOnLeave() {
  addEventListener('pagehide', () => [...waiting.keys()].forEach(send));
}
