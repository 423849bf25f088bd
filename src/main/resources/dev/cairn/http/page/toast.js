/** Short messages at the bottom, some with a way back. They stay while the pointer or the focus is on them. */
import { html, nothing, paints, changed, render, repeat, say } from './ui.js';
import * as icons from './icons.js';

const SHOWN_MS = 6_000;
let number = 0;
/** @type {{id: number, text: string, kind: string, action?: {label: string, run: () => void}, timer: number, ms: number, gone?: () => void}[]} */
let toasts = [];

/**
 * @param {string} text
 * @param {{kind?: 'done' | 'error', action?: {label: string, run: () => void}, ms?: number, gone?: () => void}} [how] `gone` is called when it
 *     disappears without its action
 */
export function toast(text, how = {}) {
  const entry = { id: ++number, text, kind: how.kind ?? 'done', action: how.action, timer: 0, ms: how.ms ?? SHOWN_MS, gone: how.gone };
  toasts.slice(0, -3).forEach(drop);
  toasts = [...toasts, entry];
  say(text);
  begin(entry);
  changed();
}

/** @param {Error} failure */
export const failed = failure => toast(failure.message, { kind: 'error', ms: 12_000 });

function begin(entry) {
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => drop(entry), entry.ms);
}

function drop(entry) {
  clearTimeout(entry.timer);
  toasts = toasts.filter(other => other !== entry);
  entry.gone?.();
  changed();
}

function act(entry) {
  entry.gone = undefined;
  drop(entry);
  entry.action.run();
}

const one = entry => html`<li class="toast ${entry.kind}"
    @pointerenter=${() => clearTimeout(entry.timer)} @pointerleave=${() => begin(entry)}
    @focusin=${() => clearTimeout(entry.timer)} @focusout=${() => begin(entry)}>
  <span>${entry.text}</span>
  ${entry.action
    ? html`<button class="plain strong" @click=${() => act(entry)}>${entry.action.label}</button>`
    : nothing}
  <button class="plain round" aria-label="Close this message" @click=${() => drop(entry)}>${icons.close()}</button>
</li>`;

export function showToasts() {
  const root = document.getElementById('toasts');
  paints(() => render(html`<ul class="toasts" aria-label="Messages">${repeat(toasts, entry => entry.id, one)}</ul>`, root));
}
