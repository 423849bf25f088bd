/** What models used and cost, and the turns that no observer could make anything of. */
import { ask, url } from './api.js';
import { changed, html, nothing } from './ui.js';
import { count, moment, some } from './format.js';
import { failed, toast } from './toast.js';

const DAYS = 14;
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', minimumFractionDigits: 4, maximumFractionDigits: 4 });

let usage = null;
let parked = [];
let busy = false;

export async function loadUsage() {
  const from = Date.now() - DAYS * 86_400_000;
  try {
    const [report, turns] = await Promise.all([ask(url('/api/usage', { from, by: 'day,model' })), ask('/api/turns?state=parked')]);
    usage = report;
    parked = turns.items;
    changed();
  } catch (failure) {
    failed(failure);
  }
}

async function retry(turn) {
  busy = true;
  changed();
  try {
    await ask('/api/turns/' + turn.id + '/retry', { json: {} });
    toast('The turn is in the queue again');
  } catch (failure) {
    failed(failure);
  }
  busy = false;
  loadUsage();
}

const cost = sum => money.format(sum.costMicros / 1_000_000) + (sum.unpricedCalls ? ' and ' + some(sum.unpricedCalls, 'call') + ' without a price' : '');

const tokens = sum => sum.inputTokens + sum.outputTokens + sum.cacheReadTokens + sum.cacheWriteTokens;

const used = () => html`<section class="group"><h2>Models</h2>
  ${usage.total.calls === 0 ? html`<p class="empty small">No model was asked in the last ${DAYS} days: observations are made by rules, or nothing happened.</p>`
    : html`<p>${some(usage.total.calls, 'call')} in ${DAYS} days, ${count(tokens(usage.total))} tokens, ${cost(usage.total)}${usage.total.failures ? ', ' + usage.total.failures + ' failed' : ''}</p>
      <div class="wide" tabindex="0" role="region" aria-label="Use of models"><table><thead><tr><th scope="col">Day</th><th scope="col">Model</th><th scope="col" class="number">Calls</th>
        <th scope="col" class="number">Failed</th><th scope="col" class="number">Tokens in</th><th scope="col" class="number">Tokens out</th><th scope="col" class="number">From cache</th><th scope="col" class="number">Cost</th></tr></thead>
        <tbody>${usage.items.map(item => html`<tr><th scope="row">${item.day}</th><td>${item.model}</td><td class="number">${count(item.calls)}</td><td class="number">${count(item.failures)}</td>
          <td class="number">${count(item.inputTokens + item.cacheWriteTokens)}</td><td class="number">${count(item.outputTokens)}</td><td class="number">${count(item.cacheReadTokens)}</td>
          <td class="number">${cost(item)}</td></tr>`)}</tbody></table></div>`}</section>`;

const waiting = () => html`<section class="group"><h2>Parked turns</h2>
  <p class="hint">These failed as often as is tried. They stay until they are tried again.</p>
  <ul class="alerts">${parked.map(turn => html`<li><span><strong>${turn.projectName ?? turn.project}</strong>, turn ${turn.turn}, ${some(turn.toolUses, 'tool use')}
      <span class="faint">${moment(turn.lastEventAt)}</span><br>${turn.lastError ?? ''}</span>
    <button ?disabled=${busy} @click=${() => retry(turn)}>Try again</button></li>`)}</ul></section>`;

export const usageSection = () => html`${usage ? used() : nothing}${parked.length ? waiting() : nothing}`;
