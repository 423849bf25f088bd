/**
 * The memories that fit the filters, page after page as they are scrolled to. A list by time goes on from the time of its
 * last row, so that what arrives or is forgotten meanwhile shifts nothing; one by relevance goes on by its number of rows.
 */
import { ask, url } from './api.js';
import { changed, later, say } from './ui.js';
import { some } from './format.js';

const PAGE = 50;
const GATHER_MS = 250;
/** As far as the worker counts for lists by relevance. */
const DEEPEST = 10_000;

export const keyOf = row => row.kind + '-' + row.id;

export class Feed {
  /** @type {any[]} */
  rows = [];
  total = 0;
  /** @type {string[]} */
  strategies = [];
  coverage = null;
  tookMs = 0;
  loading = true;
  /** Whether the last row is here. */
  whole = false;
  /** @type {Error | null} */
  error = null;
  /** Rows that came on top since the reader looked there. */
  fresh = 0;
  #filters = null;
  #text = '';
  #abort = new AbortController();
  #known = new Set();
  #hidden = new Set();
  #soon = later(() => this.#refresh(), GATHER_MS);

  /** Shows what fits these filters; keeps what is shown until the new is there. */
  show(filters) {
    const text = JSON.stringify(filters);
    if (text !== this.#text) {
      this.#text = text;
      this.#filters = filters;
      this.reload();
    }
  }

  get byTime() {
    return this.#order() !== 'relevance';
  }

  async reload() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#soon.cancel();
    this.loading = true;
    changed();
    await this.#load({}, page => {
      this.rows = [];
      this.#known.clear();
      this.fresh = 0;
      this.#took(page);
      this.#add(page.hits, false);
      this.whole = page.hits.length < PAGE;
      if (this.#filters.query) {
        say(some(this.total, 'memory') + ' found');
      }
    });
  }

  /** The next page, when there is one and none is on its way. */
  async more() {
    if (this.loading || this.whole || this.error) {
      return;
    }
    this.loading = true;
    await this.#load(this.#after(), page => {
      this.#add(page.hits, false);
      this.whole = page.hits.length < PAGE || (!this.byTime && this.rows.length >= DEEPEST);
    });
  }

  /** Something was stored: it may belong on top. */
  touched() {
    if (this.#order() === 'newest' && !this.#filters?.to) {
      this.#soon();
    }
  }

  async #refresh() {
    if (this.loading || this.error) {
      this.#soon();
      return;
    }
    await this.#load({}, page => {
      const unknown = page.hits.filter(row => !this.#known.has(keyOf(row)));
      if (unknown.length === page.hits.length && this.rows.length > 0) {
        this.rows = [];
        this.#known.clear();
        this.whole = page.hits.length < PAGE;
      }
      this.#took(page);
      this.#add(unknown, true);
      this.fresh += unknown.length;
      if (unknown.length > 0) {
        say(some(unknown.length, 'new memory'));
      }
    });
  }

  async #load(more, use) {
    const { signal } = this.#abort;
    try {
      const page = await ask(url('/api/search', { ...this.#filters, order: this.#order(), limit: PAGE, ...more }), { signal });
      if (!signal.aborted) {
        this.error = null;
        use(page);
      }
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      this.error = failure;
    }
    if (!signal.aborted) {
      this.loading = false;
      changed();
    }
  }

  #order() {
    return this.#filters?.order ?? (this.#filters?.query ? 'relevance' : 'newest');
  }

  #after() {
    const last = this.rows[this.rows.length - 1];
    if (!last || !this.byTime) {
      return { offset: this.rows.length };
    }
    let same = 0;
    while (same < this.rows.length && this.rows[this.rows.length - 1 - same].createdAt === last.createdAt) {
      same++;
    }
    return { [this.#order() === 'newest' ? 'to' : 'from']: last.createdAt, offset: same };
  }

  #took(page) {
    this.total = page.total;
    this.strategies = page.strategies;
    this.coverage = page.coverage;
    this.tookMs = page.tookMs;
  }

  #add(rows, onTop) {
    const unknown = rows.filter(row => !this.#known.has(keyOf(row)) && !this.#hidden.has(keyOf(row)));
    unknown.forEach(row => this.#known.add(keyOf(row)));
    this.rows = onTop ? [...unknown, ...this.rows] : this.rows.concat(unknown);
  }

  /** Takes a row out of the list until it is put back. */
  hide(key) {
    const at = this.rows.findIndex(row => keyOf(row) === key);
    this.#hidden.add(key);
    if (at >= 0) {
      this.rows = this.rows.filter((row, index) => index !== at);
      this.#known.delete(key);
      this.total--;
      changed();
    }
  }

  /** Puts it back where it was. */
  unhide(key) {
    this.#hidden.delete(key);
    this.reload();
  }
}

/** The list of the first page. */
export const feed = new Feed();
