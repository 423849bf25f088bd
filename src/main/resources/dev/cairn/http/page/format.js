/** How figures, times and texts are shown. */
import { html } from './ui.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const shortYear = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const withYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export const time = at => clock.format(at);
export const moment = at => whole.format(at);
export const count = value => number.format(value);

/** @param {number} value @param {string} word */
export const some = (value, word) => count(value) + ' ' + (value === 1 ? word : word.endsWith('y') ? word.slice(0, -1) + 'ies' : word + 's');

/** The start of the day of a time, as a number to compare. */
export function dayOf(at) {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

export function dayName(at) {
  const today = dayOf(Date.now());
  const day = dayOf(at);
  if (day === today) {
    return 'Today';
  }
  if (day === dayOf(today - 1)) {
    return 'Yesterday';
  }
  return (new Date(day).getFullYear() === new Date(today).getFullYear() ? weekday : withYear).format(day);
}

/** A time where no day stands above it: of today the hour, else the day. */
export function when(at) {
  const today = dayOf(Date.now());
  if (dayOf(at) === today) {
    return time(at);
  }
  return (new Date(at).getFullYear() === new Date(today).getFullYear() ? shortDay : shortYear).format(at);
}

/** @param {number} ms */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) {
    return seconds + ' s';
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return minutes + ' min';
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? hours + ' h ' + (minutes % 60) + ' min' : Math.floor(hours / 24) + ' days';
}

/** @param {number} bytes */
export function bytes(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return (unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)) + ' ' + units[unit];
}

/** A project's name: the last part of its path. */
export const projectName = key => key.replace(/[\\/]+$/, '').split(/[\\/]/).pop() || key;

/** The worker puts commands and names in a text between backticks. */
export const prose = text => text.split(/(`[^`\n]+`)/).map(part => (part.length > 2 && part.startsWith('`') && part.endsWith('`') ? html`<code>${part.slice(1, -1)}</code>` : part));

/** A search's snippet; the worker puts what matched between angle quotes. */
export function marked(text) {
  return text.split(/(«[^»]*»)/).map(part => (part.startsWith('«') && part.endsWith('»') ? html`<mark>${part.slice(1, -1)}</mark>` : part));
}

const AGENTS = {
  'claude-code': 'Claude Code',
  codex: 'Codex CLI',
  cursor: 'Cursor',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
  api: 'saved by hand',
  mcp: 'saved by an agent',
};

export const agentName = platform => AGENTS[platform] ?? platform;
export const AGENT_WORDS = Object.keys(AGENTS);

/** JSON text as people read it; any other text as it is. */
export function pretty(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}
