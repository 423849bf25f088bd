/** A long list of which only the rows in sight, and some around them, are elements. Heights are known without looking at any. */
import { changed, html, nothing, repeat } from './ui.js';
import { dayName, dayOf } from './format.js';
import { keyOf } from './feed.js';

/** As in style-memory.css. */
const ROW = 96;
const BRIEF = 76;
const DAY = 40;
/** Pixels beyond the visible ones. */
const MARGIN = 600;

export class Windowed {
  #rows = null;
  #withDays = true;
  /** @type {{row: any, day: string | null, top: number, height: number, index: number}[]} */
  #entries = [];
  #height = 0;
  #isBrief;
  #element = null;
  /** How many rows fit is only known once it has its height. */
  #size = new ResizeObserver(changed);

  /** @param {(row: any) => boolean} isBrief whether a row has no text below its title */
  constructor(isBrief) {
    this.#isBrief = isBrief;
  }

  /**
   * @param {any[]} rows
   * @param {boolean} withDays whether a heading stands before each day
   * @param {(row: any, index: number) => unknown} template
   * @param {() => void} onEnd the end is near
   */
  view(rows, withDays, template, onEnd, footer = nothing) {
    if (rows !== this.#rows || withDays !== this.#withDays) {
      this.#place(rows, withDays);
    }
    const top = (this.#element?.scrollTop ?? 0) - MARGIN;
    const bottom = top + (this.#element?.clientHeight ?? innerHeight) + 2 * MARGIN;
    const first = this.#at(top);
    let last = first;
    while (last < this.#entries.length && this.#entries[last].top < bottom) {
      last++;
    }
    if (last >= this.#entries.length - 5) {
      queueMicrotask(onEnd);
    }
    const shown = this.#entries.slice(first, last);
    const before = shown.length ? shown[0].top : 0;
    const after = this.#height - (last < this.#entries.length ? this.#entries[last].top : this.#height);
    return html`<div class="scroller" tabindex="-1" @scroll=${changed}>
      <ol class="rows" .style=${'padding-top:' + before + 'px;padding-bottom:' + after + 'px'}>
        ${repeat(shown, entry => (entry.row ? keyOf(entry.row) : 'day ' + entry.day), entry => entry.row
          ? template(entry.row, entry.index)
          : html`<li class="day"><h2>${entry.day}</h2></li>`)}
      </ol>
      ${footer}
    </div>`;
  }

  /** To be called after each paint. */
  painted(root) {
    const element = root.querySelector('.scroller');
    if (element !== this.#element) {
      this.#size.disconnect();
      this.#element = element;
      if (element) {
        this.#size.observe(element);
      }
      changed();
    }
  }

  get top() {
    return this.#element?.scrollTop ?? 0;
  }

  toTop() {
    this.#element?.scrollTo({ top: 0 });
  }

  /** Keeps what is in sight where it is when rows come on top. */
  shift(rows) {
    const entry = rows > 0 && this.#entries.find(one => one.row && one.index === rows);
    if (this.#element && entry) {
      this.#element.scrollTop += entry.top - (this.#withDays ? DAY : 0);
    }
  }

  /** Brings a row into sight; its element is there after the next paint. */
  reveal(index) {
    const entry = this.#entries.find(one => one.row && one.index === index);
    if (!entry || !this.#element) {
      return;
    }
    const { scrollTop, clientHeight } = this.#element;
    if (entry.top < scrollTop + DAY) {
      this.#element.scrollTop = Math.max(0, entry.top - DAY);
    } else if (entry.top + entry.height > scrollTop + clientHeight) {
      this.#element.scrollTop = entry.top + entry.height - clientHeight;
    }
  }

  #place(rows, withDays) {
    const old = this.#rows ?? [];
    // Another page at the end is the common case; of a long list the rest must not be placed anew.
    const grown = old.length > 0 && withDays === this.#withDays && rows.length >= old.length
      && rows[0] === old[0] && rows[old.length - 1] === old[old.length - 1];
    let from = old.length;
    if (!grown) {
      this.#entries = [];
      this.#height = 0;
      from = 0;
    }
    this.#rows = rows;
    this.#withDays = withDays;
    let day = from > 0 ? dayOf(rows[from - 1].createdAt) : 0;
    for (let index = from; index < rows.length; index++) {
      const row = rows[index];
      if (withDays && dayOf(row.createdAt) !== day) {
        day = dayOf(row.createdAt);
        this.#entries.push({ row: null, day: dayName(day), top: this.#height, height: DAY, index });
        this.#height += DAY;
      }
      const height = this.#isBrief(row) ? BRIEF : ROW;
      this.#entries.push({ row, day: null, top: this.#height, height, index });
      this.#height += height;
    }
  }

  /** The first entry that ends below. */
  #at(y) {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle].top + this.#entries[middle].height < y) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
