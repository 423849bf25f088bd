/** The worker's routes. The token, where one is asked for, lives as long as the tab. */
import { changed } from './ui.js';

const KEY = 'cairn.token';
const state = { token: sessionStorage.getItem(KEY), refused: false };

/** A refusal as the worker words it, or that it could not be asked. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no answer
   * @param {{code?: string, message?: string, field?: string}} error
   */
  constructor(status, error) {
    super(error.message ?? 'The worker answered ' + status);
    this.status = status;
    this.code = error.code;
    this.field = error.field;
  }
}

/** Whether the worker asks for a token that we do not have. */
export const tokenNeeded = () => state.refused;

/** Whether a token was given before. */
export const tokenGiven = () => state.token !== null;

/** @param {string} token */
export function useToken(token) {
  sessionStorage.setItem(KEY, token);
  location.reload();
}

/** @param {HeadersInit} [more] */
export function headers(more) {
  const all = new Headers(more);
  if (state.token !== null) {
    all.set('Authorization', 'Bearer ' + state.token);
  }
  return all;
}

/** Notes that the token is missing or wrong. */
export function refused() {
  if (!state.refused) {
    state.refused = true;
    changed();
  }
}

/**
 * @param {string} path
 * @param {{method?: string, json?: unknown, body?: BodyInit, type?: string, signal?: AbortSignal, keepalive?: boolean}} [how]
 * @returns {Promise<Response>} an answer that is no refusal
 */
export async function request(path, how = {}) {
  const json = 'json' in how;
  const body = json ? JSON.stringify(how.json) : how.body;
  const type = json ? 'application/json' : how.type;
  let response;
  try {
    response = await fetch(path, {
      method: how.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: headers(type ? { 'Content-Type': type } : undefined),
      body,
      signal: how.signal,
      keepalive: how.keepalive,
      cache: 'no-store',
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ApiError(0, { message: 'The worker does not answer. Is it running? Try: cairn status' });
  }
  if (response.status === 401) {
    refused();
  }
  if (!response.ok && !(path.startsWith('/health') && response.status === 503)) {
    const answer = await response.json().catch(() => ({}));
    throw new ApiError(response.status, answer.error ?? {});
  }
  return response;
}

/** The same, as JSON. */
export async function ask(path, how) {
  return (await request(path, how)).json();
}

/**
 * A path with parameters; those without a value are left out.
 * @param {string} path
 * @param {Record<string, unknown>} parameters
 */
export function url(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text ? path + '?' + text : path;
}
