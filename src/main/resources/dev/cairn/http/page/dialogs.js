/** One dialog at a time, the browser's own: it keeps the focus inside and gives it back. */
import { changed, html, nothing, paints, render } from './ui.js';
import * as icons from './icons.js';

/** @type {{title: string, body: () => unknown} | null} */
let open = null;

/** @param {string} title @param {() => unknown} body its template, asked for at each paint */
export function openDialog(title, body) {
  open = { title, body };
  changed();
}

export function closeDialog() {
  document.querySelector('#dialogs dialog')?.close();
}

/**
 * Asks before something that cannot be undone.
 * @param {string} title @param {string} text @param {string} yes
 * @returns {Promise<boolean>}
 */
export function confirmed(title, text, yes) {
  return new Promise(resolve => {
    let answer = false;
    const done = value => { answer = value; closeDialog(); };
    openDialog(title, () => html`<p>${text}</p>
      <div class="buttons">
        <button class="primary" autofocus @click=${() => done(true)}>${yes}</button>
        <button @click=${() => done(false)}>Cancel</button>
      </div>`);
    open.closed = () => resolve(answer);
  });
}

function gone() {
  const was = open;
  open = null;
  was?.closed?.();
  changed();
}

export function showDialogs() {
  const root = document.getElementById('dialogs');
  paints(() => {
    render(open
      ? html`<dialog aria-labelledby="dialog-title" @close=${gone}>
          <header><h2 id="dialog-title">${open.title}</h2>
            <button class="plain round" aria-label="Close" @click=${closeDialog}>${icons.close()}</button></header>
          ${open.body()}
        </dialog>`
      : nothing, root);
    const dialog = root.querySelector('dialog');
    if (dialog && !dialog.open) {
      dialog.showModal();
    }
  });
}
