/** Writing a memory, and correcting one: memories are never changed, a new one stands in the place of the old. */
import { ask } from './api.js';
import { changed, html, nothing } from './ui.js';
import { knownProjects } from './filters.js';
import { closeDialog, openDialog } from './dialogs.js';
import { address, go, place } from './place.js';
import { toast } from './toast.js';
import { feed } from './feed.js';

const TYPES = ['note', 'decision', 'discovery', 'bugfix', 'feature', 'refactor', 'change'];

const lines = text => text.split('\n').map(line => line.trim()).filter(line => line !== '');

/** @param {any} [old] the observation to correct; left out for a new memory */
export function editMemory(old) {
  let error = null;
  let saving = false;

  async function save(event) {
    event.preventDefault();
    const given = new FormData(event.target);
    const text = name => String(given.get(name) ?? '').trim();
    const memory = { text: text('text'), project: text('project'), type: text('type') };
    if (text('title')) {
      memory.title = text('title');
    }
    for (const name of ['facts', 'files']) {
      if (lines(text(name)).length) {
        memory[name] = lines(text(name));
      }
    }
    if (old) {
      memory.supersedes = old.id;
    }
    saving = true;
    error = null;
    changed();
    try {
      const { id } = await ask('/api/memories', { json: memory });
      closeDialog();
      toast(old ? 'Corrected: the old memory points to the new one' : 'Saved');
      feed.reload();
      go(address(place().filters, { kind: 'observation', id }));
    } catch (failure) {
      error = failure;
      saving = false;
      changed();
      requestAnimationFrame(() => document.querySelector('dialog [aria-invalid="true"]')?.focus());
    }
  }

  const wrong = name => error?.field?.startsWith(name) || (error && !error.field && name === 'text');
  const field = (name, label, input, hint) => html`<label class="field"><span>${label}</span>${input}
    ${wrong(name) ? html`<span class="wrong" id=${'wrong-' + name} role="alert">${error.message}</span>` : hint ? html`<span class="hint">${hint}</span>` : nothing}</label>`;
  const project = old?.project ?? place().filters.project ?? (knownProjects().length === 1 ? knownProjects()[0].project : '');

  openDialog(old ? 'Correct this memory' : 'New memory', () => html`<form class="editor" @submit=${save}>
    ${old ? html`<p class="hint">The old wording stays readable and points to this one; searches show this one first.</p>` : nothing}
    ${field('title', 'Title', html`<input name="title" maxlength="200" autofocus value=${old?.title ?? ''} aria-invalid=${wrong('title') ? 'true' : 'false'}>`, 'Left out, it is made from the text.')}
    ${field('text', 'Text', html`<textarea name="text" rows="7" required aria-invalid=${wrong('text') ? 'true' : 'false'} .defaultValue=${old?.narrative ?? old?.subtitle ?? ''}></textarea>`)}
    <div class="pair">
      ${field('project', 'Project', html`<input name="project" required list="projects" value=${project} aria-invalid=${wrong('project') ? 'true' : 'false'}>
        <datalist id="projects">${knownProjects().map(row => html`<option value=${row.project}>${row.projectName}</option>`)}</datalist>`, 'Its directory, or its name.')}
      ${field('type', 'Type', html`<select name="type">${TYPES.map(word => html`<option ?selected=${word === (old?.type ?? 'note')}>${word}</option>`)}</select>`)}
    </div>
    ${field('facts', 'Facts', html`<textarea name="facts" rows="3" .defaultValue=${(old?.facts ?? []).join('\n')}></textarea>`, 'One on each line.')}
    ${field('files', 'Files', html`<textarea name="files" rows="2" .defaultValue=${(old ? [...old.filesModified, ...old.filesRead] : []).join('\n')}></textarea>`, 'One on each line.')}
    <div class="buttons"><button class="primary" ?disabled=${saving}>${old ? 'Save the correction' : 'Save'}</button>
      <button type="button" @click=${closeDialog}>Cancel</button></div>
  </form>`);
}
