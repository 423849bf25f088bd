/** The frame of every page: the head with its links, the page itself, and what the keyboard does everywhere. */
import { tokenGiven, tokenNeeded, useToken } from './api.js';
import { changed, html, nothing, paints, render } from './ui.js';
import { keepLinksHere, place } from './place.js';
import { onStream, openStream, streamState } from './stream.js';
import { openDialog, showDialogs } from './dialogs.js';
import { showToasts } from './toast.js';
import { forgetOnLeave } from './forget.js';
import { loadProjects } from './filters.js';
import { editMemory } from './editor.js';
import { closeDetail, focusSearch, memoryPage, memoryPainted } from './memory.js';
import { sessionsPage } from './sessions.js';
import { processesLeft, processesPage, processesPainted } from './processes.js';
import { settingsPage } from './settings.js';
import * as icons from './icons.js';

const PAGES = { '/': 'Memory', '/sessions': 'Sessions', '/processes': 'Processes', '/settings': 'Settings' };
const VIEWS = { '/': memoryPage, '/sessions': sessionsPage, '/processes': processesPage, '/settings': settingsPage };
const LIVE = { connecting: 'Connecting', live: 'Live', waiting: 'Not connected', resting: 'Resting' };
const THEMES = ['system', 'light', 'dark'];

let upgraded = false;

const theme = () => document.documentElement.dataset.theme ?? 'system';

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  if (next === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem('cairn.theme');
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem('cairn.theme', next);
  }
  changed();
}

const themeIcon = { system: icons.system, light: icons.sun, dark: icons.moon };

const head = page => html`<header class="head">
  <a class="skip" href="#content" @click=${event => { event.preventDefault(); document.getElementById('content').focus(); }}>Skip to the content</a>
  <a class="brand" href="/">${icons.cairn()}<span>Cairn</span></a>
  <nav aria-label="Pages">${Object.entries(PAGES).map(([path, name]) => html`<a href=${path} aria-current=${path === page ? 'page' : nothing}>${name}</a>`)}<a href="/docs">Docs</a></nav>
  <div class="status">
    <span class="live ${streamState()}" title=${streamState() === 'waiting' ? 'The worker does not answer; trying again' : 'What happens is shown as it happens'}>${LIVE[streamState()]}</span>
    <button class="plain round keys-button" aria-label="Keys" title="Keys" @click=${showKeys}>?</button>
    <button class="plain round" aria-label=${'Theme: ' + theme()} title=${'Theme: ' + theme()} @click=${nextTheme}>${themeIcon[theme()]()}</button>
  </div>
</header>`;

function tokenForm() {
  const given = event => {
    event.preventDefault();
    const token = String(new FormData(event.target).get('token')).trim();
    if (token) {
      useToken(token);
    }
  };
  return html`<main class="plain-page token"><h1>The token, please</h1>
    <p>This worker answers only those who know its token. It stands in the file <code>token</code> in the data directory:</p>
    <pre><code>cat ~/.cairn/token</code></pre>
    <form @submit=${given}><label class="field"><span>Token</span><input name="token" type="password" autocomplete="off" autofocus required
      aria-invalid=${tokenGiven() ? 'true' : 'false'}>
      ${tokenGiven() ? html`<span class="wrong" role="alert">That is not the token.</span>` : html`<span class="hint">Kept until this tab is closed.</span>`}</label>
      <div class="buttons"><button class="primary">Go on</button></div></form></main>`;
}

const KEYS = [['/', 'search'], ['↓ ↑', 'from memory to memory'], ['Enter', 'open'], ['Esc', 'close'], ['n', 'new memory'], ['?', 'these keys']];

const showKeys = () => openDialog('Keys', () => html`<dl class="keys">${KEYS.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>`);

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  const typing = event.target.closest?.('input, textarea, select');
  if (event.key === 'Escape' && place().open && place().page === '/') {
    closeDetail();
  } else if (typing) {
    return;
  } else if (event.key === '/' && document.getElementById('search')) {
    event.preventDefault();
    focusSearch();
  } else if (event.key === 'n' && place().page === '/') {
    event.preventDefault();
    editMemory();
  } else if (event.key === '?') {
    showKeys();
  }
}

/** After a time without the worker it may be another one, with another page. */
async function lookForUpgrade() {
  const mine = document.querySelector('meta[name="cairn-assets"]').content;
  try {
    const response = await fetch('/', { method: 'HEAD', cache: 'no-store' });
    upgraded = response.ok && response.headers.get('etag') !== '"' + mine + '"';
    changed();
  } catch {
    // It is away again; the next return looks again.
  }
}

const upgradeBar = () => (upgraded ? html`<div class="upgrade" role="status">The worker was upgraded.
  <button class="plain strong" @click=${() => location.reload()}>Load the new page</button></div>` : nothing);

let lastPage = '';

function paint() {
  const root = document.getElementById('app');
  const { page } = place();
  const view = tokenNeeded() ? tokenForm : VIEWS[page];
  render(html`${head(page)}${upgradeBar()}<div id="content" tabindex="-1">${view()}</div>`, root);
  document.title = page === '/' ? 'Cairn' : PAGES[page] + ' – Cairn';
  if (page !== lastPage) {
    if (lastPage) {
      document.getElementById('content').focus({ preventScroll: true });
    }
    lastPage = page;
  }
  if (tokenNeeded()) {
    return;
  }
  if (page === '/') {
    memoryPainted(root);
  }
  if (page === '/processes') {
    processesPainted();
  } else {
    processesLeft();
  }
}

keepLinksHere();
forgetOnLeave();
showToasts();
showDialogs();
document.addEventListener('keydown', keys);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
onStream(({ name }) => {
  if (name === 'reconnected') {
    lookForUpgrade();
  }
});
paints(paint);
loadProjects();
openStream();
