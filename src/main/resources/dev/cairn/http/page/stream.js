/**
 * The live stream, read with fetch because an EventSource cannot send the token. It goes on where it was when it comes back,
 * and rests while nobody looks: a browser has six connections to a worker for all its tabs.
 */
import { headers, refused, tokenNeeded } from './api.js';
import { changed } from './ui.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** The worker sends something at least every 15 s. */
const SILENCE_MS = 40_000;
const REST_AFTER_MS = 10_000;

/** @type {'connecting' | 'live' | 'waiting' | 'resting'} */
let state = 'connecting';
let lastId = '';
let wait = FIRST_WAIT_MS;
let retry = 0;
let rest = 0;
let silence = 0;
let abort = null;
/** @type {Set<(event: {name: string, data: any}) => void>} */
const listeners = new Set();

export const streamState = () => state;

/** @param {(event: {name: string, data: any}) => void} listener hears `reconnected` too, which is ours */
export function onStream(listener) {
  listeners.add(listener);
}

/** Begins, and from then on looks after itself. */
export function openStream() {
  document.addEventListener('visibilitychange', () => {
    clearTimeout(rest);
    if (document.visibilityState === 'hidden') {
      rest = setTimeout(() => stop('resting'), REST_AFTER_MS);
    } else if (state === 'resting' || state === 'waiting') {
      connect();
    }
  });
  connect();
}

function set(next) {
  if (state !== next) {
    state = next;
    changed();
  }
}

function stop(next) {
  clearTimeout(retry);
  clearTimeout(silence);
  abort?.abort();
  abort = null;
  set(next);
}

async function connect() {
  stop('connecting');
  const mine = new AbortController();
  abort = mine;
  try {
    const response = await fetch('/stream?unnamed=false', {
      headers: headers(lastId ? { 'Last-Event-ID': lastId } : undefined),
      signal: mine.signal,
      cache: 'no-store',
    });
    if (response.status === 401) {
      refused();
      return;
    }
    if (!response.ok) {
      throw new Error('the stream answered ' + response.status);
    }
    const again = wait > FIRST_WAIT_MS || lastId !== '';
    wait = FIRST_WAIT_MS;
    set('live');
    if (again) {
      tell('reconnected', null);
    }
    await read(response.body, mine);
  } catch {
    // Whatever ended it, the way back is the same.
  }
  if (abort === mine && !tokenNeeded()) {
    stop('waiting');
    retry = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** @param {ReadableStream<Uint8Array>} body @param {AbortController} mine */
async function read(body, mine) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    clearTimeout(silence);
    silence = setTimeout(() => mine.abort(), SILENCE_MS);
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    blocks.forEach(take);
  }
}

/** @param {string} block one event's lines */
function take(block) {
  let name = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('id:')) {
      lastId = line.slice(3).trim();
    } else if (line.startsWith('event:')) {
      name = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      data += line.slice(5);
    }
  }
  if (name) {
    tell(name, data ? JSON.parse(data) : null);
  }
}

function tell(name, data) {
  listeners.forEach(listener => listener({ name, data }));
}
