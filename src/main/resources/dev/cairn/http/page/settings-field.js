/** One setting: its name, what it is for, a control that fits its type, and what is wrong with what was entered. */
import { html, live, nothing } from './ui.js';

const SOURCES = {
  default: 'default',
  conf: 'from the configuration file',
  settings: 'set here',
  environment: 'from the environment',
  option: 'from the command line',
};

/** The text a value is shown and entered as. */
export function textOf(setting, value) {
  if (value === undefined || value === null) {
    return '';
  }
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/**
 * The value that a text means. The worker has the last word; this only says at once what can be said.
 * @returns {{value?: unknown, problem?: string}}
 */
export function valueOf(setting, text) {
  const trimmed = text.trim();
  switch (setting.type) {
    case 'boolean':
      return { value: trimmed === 'true' };
    case 'texts':
      return { value: trimmed === '' ? [] : trimmed.split('\n').map(line => line.trim()).filter(Boolean) };
    case 'number':
    case 'decimal': {
      if (trimmed === '') {
        return { value: null };
      }
      const value = Number(trimmed);
      if (!Number.isFinite(value) || (setting.type === 'number' && !Number.isInteger(value))) {
        return { problem: setting.type === 'number' ? 'A whole number is needed.' : 'A number is needed.' };
      }
      if (value < setting.min || value > setting.max) {
        return { problem: 'At least ' + setting.min + ', at most ' + setting.max + '.' };
      }
      return { value };
    }
    default:
      return { value: trimmed === '' ? null : trimmed };
  }
}

function control(setting, text, id, described, invalid, onText) {
  const input = event => onText(event.target.value);
  if (setting.type === 'boolean') {
    return html`<input id=${id} type="checkbox" class="switch" .checked=${live(text === 'true')} aria-describedby=${described}
      aria-invalid=${invalid} @change=${event => onText(String(event.target.checked))}>`;
  }
  if (setting.words?.length) {
    return html`<select id=${id} .value=${live(text)} aria-describedby=${described} aria-invalid=${invalid} @change=${input}>
      ${setting.words.map(word => html`<option ?selected=${word === text}>${word}</option>`)}</select>`;
  }
  if (setting.type === 'texts') {
    return html`<textarea id=${id} rows=${Math.min(6, Math.max(2, text.split('\n').length))} .value=${live(text)} spellcheck="false"
      aria-describedby=${described} aria-invalid=${invalid} @input=${input} placeholder="one on each line"></textarea>`;
  }
  if (setting.key === 'dataDir') {
    // The settings file lies in it, so it is not for that file to name.
    return html`<input id=${id} type="text" readonly .value=${live(text)} aria-describedby=${described}>`;
  }
  const number = setting.type === 'number' || setting.type === 'decimal';
  return html`<input id=${id} type=${setting.secret ? 'password' : 'text'} inputmode=${number ? 'decimal' : 'text'} .value=${live(text)}
    autocomplete=${setting.secret ? 'new-password' : 'off'} spellcheck="false" aria-describedby=${described} aria-invalid=${invalid}
    placeholder=${setting.secret ? (setting.set ? 'set; enter another to replace it' : 'not set') : textOf(setting, setting.default) || 'not set'} @input=${input}>`;
}

/**
 * @param {any} setting a row of the worker's answer
 * @param {{text: string, edited: boolean, problem?: string, onText: (text: string) => void, onReset: () => void}} state
 */
export function settingField(setting, state) {
  const id = 'setting-' + setting.key;
  const { source } = setting.next ?? setting;
  const now = setting.secret ? '' : ', now ' + (textOf(setting, setting.value).replaceAll('\n', ', ') || 'not set');
  const above = setting.source === 'environment' || setting.source === 'option';
  const range = setting.min !== undefined ? setting.min + ' to ' + setting.max : '';
  return html`<div class="setting ${state.edited ? 'edited' : ''}">
    <div class="what"><label for=${id}>${setting.key}</label>
      <p class="hint" id=${id + '-help'}>${setting.help}${range ? html` <span class="faint">${range}</span>` : nothing}</p></div>
    <div class="how">${control(setting, state.text, id, id + '-help ' + id + '-wrong', state.problem ? 'true' : 'false', state.onText)}
      <p class="wrong" id=${id + '-wrong'} role="alert">${state.problem ?? nothing}</p>
      <p class="faint from">${SOURCES[source] ?? source}${setting.next ? html`, <strong>from the next start on</strong>${now}` : nothing}${above ? html`: <code>${setting.environment}</code>, which stands above what is set here` : nothing}
        ${source === 'settings' ? html` <button class="plain" @click=${state.onReset}>Back to the default</button>` : nothing}</p></div>
  </div>`;
}
