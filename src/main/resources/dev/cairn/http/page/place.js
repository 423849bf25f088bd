/** Where the reader is: all of it stands in the address, so that back, forward, reload and links work. */
import { changed } from './ui.js';

/** What narrows a list, by the names of the search's parameters. */
export const FILTERS = ['query', 'kind', 'type', 'concept', 'file', 'project', 'platform', 'session', 'from', 'to', 'order'];

const PAGES = ['/', '/sessions', '/processes', '/settings'];

/** @returns {{page: string, filters: Record<string, string>, open: {kind: string, id: number} | null}} */
export function place() {
  const given = new URLSearchParams(location.search);
  const filters = {};
  for (const name of FILTERS) {
    const value = given.get(name);
    if (value) {
      filters[name] = value;
    }
  }
  const open = /^(observation|summary|prompt)-(\d+)$/.exec(given.get('open') ?? '');
  return {
    page: PAGES.includes(location.pathname) ? location.pathname : '/',
    filters,
    open: open ? { kind: open[1], id: Number(open[2]) } : null,
  };
}

/**
 * @param {Record<string, string | undefined>} filters
 * @param {{kind: string, id: number} | null} [open]
 */
export function address(filters, open = null, page = '/') {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    if (filters[name]) {
      query.set(name, filters[name]);
    }
  }
  if (open) {
    query.set('open', open.kind + '-' + open.id);
  }
  const text = query.toString();
  return text ? page + '?' + text : page;
}

/**
 * @param {string} to
 * @param {boolean} [instead] whether the present entry of the history gives way
 */
export function go(to, instead = false) {
  if (to !== location.pathname + location.search) {
    history[instead ? 'replaceState' : 'pushState'](null, '', to);
    changed();
  }
}

/** Links between our pages change the address and load nothing. */
export function keepLinksHere() {
  addEventListener('popstate', changed);
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download')) {
      return;
    }
    const to = new URL(link.href);
    if (to.origin === location.origin && PAGES.includes(to.pathname) && !to.hash) {
      event.preventDefault();
      go(to.pathname + to.search);
    }
  });
}
