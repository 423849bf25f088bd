/** What every view needs: templates, and one way to say that something has changed. */
export { html, svg, nothing, render } from './lit-html.js';
export { repeat } from './directives/repeat.js';
export { live } from './directives/live.js';

/** @type {Set<() => void>} */
const painters = new Set();
let due = false;

/** Paints once after the present work, however often it is asked for. */
export function changed() {
  if (due) {
    return;
  }
  due = true;
  queueMicrotask(() => {
    due = false;
    for (const paint of painters) {
      paint();
    }
  });
}

/** @param {() => void} paint called after each change */
export function paints(paint) {
  painters.add(paint);
  changed();
}

/**
 * Tells a screen reader, politely; the latest word counts.
 * @param {string} text
 */
export function say(text) {
  document.getElementById('said').textContent = text;
}

/**
 * Puts the work off until nobody has asked for it for a while.
 * @param {(...args: any[]) => void} work
 * @param {number} ms
 */
export function later(work, ms) {
  let timer = 0;
  const put = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), ms);
  };
  put.cancel = () => clearTimeout(timer);
  return put;
}
