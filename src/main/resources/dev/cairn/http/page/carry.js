/** Export and import. An import is tried first, so that one sees what it will bring. */
import { ask, request, tokenGiven, url } from './api.js';
import { changed, html, nothing } from './ui.js';
import { knownProjects } from './filters.js';
import { some } from './format.js';
import { failed, toast } from './toast.js';

let project = '';
/** @type {{file: File, report: any | null, error: Error | null, busy: boolean} | null} */
let incoming = null;

const path = format => url('/api/export', { project, format: format === 'markdown' ? format : undefined });

/** A link cannot carry a token, so the file is fetched and handed over; without one the browser writes it as it comes. */
async function download(event, format) {
  if (!tokenGiven()) {
    return;
  }
  event.preventDefault();
  try {
    const file = URL.createObjectURL(await (await request(path(format))).blob());
    const link = document.createElement('a');
    link.href = file;
    link.download = format === 'markdown' ? 'cairn-export.md' : 'cairn-export.jsonl';
    link.click();
    setTimeout(() => URL.revokeObjectURL(file), 60_000);
  } catch (failure) {
    failed(failure);
  }
}

async function take(dryRun) {
  const mine = incoming;
  mine.busy = true;
  mine.error = null;
  changed();
  try {
    const report = await ask(url('/api/import', { dryRun: dryRun || undefined }), { body: mine.file, type: 'application/x-ndjson' });
    if (dryRun) {
      mine.report = report;
    } else {
      incoming = null;
      toast('Imported: ' + told(report));
    }
  } catch (failure) {
    mine.error = failure;
  }
  mine.busy = false;
  changed();
}

function choose(event) {
  const [file] = event.target.files;
  event.target.value = '';
  if (file) {
    incoming = { file, report: null, error: null, busy: false };
    take(true);
  }
}

function told(report) {
  const parts = [[report.observations, 'observation'], [report.summaries, 'summary'], [report.prompts, 'prompt'],
    [report.sessions, 'session'], [report.toolUses, 'tool use']].filter(([number]) => number > 0);
  const news = parts.length ? parts.map(([number, word]) => some(number, word)).join(', ') : 'nothing new';
  return news + (report.present ? '; ' + some(report.present, 'record') + ' there already' : '');
}

export function carrySection() {
  return html`<section class="group" id="carry"><h2 tabindex="-1">Export and import</h2>
    <div class="setting"><div class="what"><label for="export-project">Export</label>
        <p class="hint">JSON Lines can be imported again; Markdown is for reading.</p></div>
      <div class="how"><select id="export-project" @change=${event => { project = event.target.value; changed(); }}>
          <option value="">All projects</option>
          ${knownProjects().map(row => html`<option value=${row.project} ?selected=${row.project === project}>${row.projectName}</option>`)}</select>
        <div class="buttons"><a class="button" download href=${path('jsonl')} @click=${event => download(event, 'jsonl')}>JSON Lines</a>
          <a class="button" download href=${path('markdown')} @click=${event => download(event, 'markdown')}>Markdown</a></div></div></div>
    <div class="setting"><div class="what"><label for="import-file">Import a file</label>
        <p class="hint">JSON Lines of an export. What is there already is passed over.</p></div>
      <div class="how"><input id="import-file" type="file" accept=".jsonl,.ndjson,application/x-ndjson" @change=${choose}>
        ${incoming ? html`<div class="notice" role="status"><p>${incoming.file.name}: ${incoming.error ? incoming.error.message
            : incoming.report ? 'would bring ' + told(incoming.report) : 'looking …'}</p>
          <div class="buttons">${incoming.report && !incoming.error
              ? html`<button class="primary" ?disabled=${incoming.busy} @click=${() => take(false)}>Import</button>` : nothing}
            <button ?disabled=${incoming.busy} @click=${() => { incoming = null; changed(); }}>Cancel</button></div></div>` : nothing}</div></div>
  </section>`;
}
