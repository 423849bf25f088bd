/** Small pictures; they only repeat what words say, so screen readers pass over them. */
import { html } from './ui.js';

export const cairn = () => html`<svg class="cairn" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path d="M3 26.200c0-3 4.600-4.700 13-4.700s13 1.700 13 4.700S24.400 30 16 30 3 29.200 3 26.200Z" />
  <path d="M6.800 17.300c.4-2.700 4-3.900 9.600-3.700 5.400.2 8.900 1.700 8.800 4.300-.1 2.500-3.800 3.200-9.400 3-5.700-.2-9.400-1.200-9-3.600Z" />
  <path d="M10.300 10.400c0-2.100 2.300-3.400 5.900-3.400 3.500 0 5.700 1.300 5.700 3.200 0 2-2.300 2.800-5.800 2.800-3.600 0-5.800-.7-5.800-2.600Z" />
  <ellipse class="top" cx="16.100" cy="4.100" rx="3.600" ry="2.200" />
</svg>`;
export const search = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.500 4.500"/></svg>`;
export const sun = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="4"/><path d="M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400"/></svg>`;
export const moon = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M19.500 14.200A8 8 0 0 1 9.800 4.500a8 8 0 1 0 9.700 9.700Z"/></svg>`;
export const system = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="3.500" y="4.500" width="17" height="11.500" rx="1.500"/><path d="M9 20h6M12 16v4"/></svg>`;
export const plus = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 5v14M5 12h14"/></svg>`;
export const close = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="m6 6 12 12M18 6 6 18"/></svg>`;
export const back = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M14.500 5.500 8 12l6.500 6.500"/></svg>`;
export const pencil = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="m14.500 5.500 4 4L8 20H4v-4Z"/></svg>`;
export const forget = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13"/></svg>`;
export const timeline = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M6 4v16M6 7.500h12M6 12h8M6 16.500h10"/></svg>`;
export const filter = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M4 6h16M7 12h10M10 18h4"/></svg>`;
export const link = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1"/></svg>`;
export const note = () => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M6 4h9l4 4v12H6ZM9.500 12h6M9.500 15.500h6"/></svg>`;
