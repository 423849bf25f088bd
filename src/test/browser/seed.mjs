// A small team's memory, told to a worker the way agents tell it.

/** @param {string} url of the worker */
export function client(url) {
  return async (method, path, json) => {
    const response = await fetch(url + path, { method, headers: { 'Content-Type': 'application/json' }, body: json === undefined ? undefined : JSON.stringify(json) });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(method + ' ' + path + ' answered ' + response.status + ': ' + text);
    }
    return text ? JSON.parse(text) : null;
  };
}

const turn = (session, cwd, prompt, uses, last) => [
  { hook_event_name: 'UserPromptSubmit', session_id: session, cwd, prompt },
  ...uses.map(([tool, input, response], index) => ({ hook_event_name: 'PostToolUse', session_id: session, cwd, tool_name: tool, tool_input: input, tool_response: response, tool_use_id: session + '-' + prompt.length + '-' + index })),
  { hook_event_name: 'Stop', session_id: session, cwd, last_assistant_message: last },
];

/** Two sessions with a few turns. */
export async function agents(call) {
  const events = [
    ...turn('kestrel-1', '/home/dev/kestrel', 'The invoice export drops the last row of each page. Find out why and fix it.', [
      ['Read', { file_path: '/home/dev/kestrel/src/export/pages.ts' }, { file: { content: 'for (let i = 0; i < rows.length - 1; i++) {' } }],
      ['Edit', { file_path: '/home/dev/kestrel/src/export/pages.ts', old_string: 'i < rows.length - 1', new_string: 'i < rows.length' }, { success: true }],
      ['Bash', { command: 'npm test -- export' }, { stdout: 'Tests: 14 passed, 14 total', stderr: '', interrupted: false }],
    ], 'The loop over a page ended one row early. It now takes every row; the 14 export tests pass.'),
    ...turn('kestrel-1', '/home/dev/kestrel', 'Add a test that would have caught it.', [
      ['Write', { file_path: '/home/dev/kestrel/test/export-pages.test.ts', content: "test('keeps the last row of a page', () => { expect(pages(rows(50))).toHaveLength(50); });" }, { success: true }],
      ['Bash', { command: 'npm test -- export' }, { stdout: 'Tests: 15 passed, 15 total', stderr: '', interrupted: false }],
      ['Bash', { command: 'git commit -am "Keep the last row of each exported page"' }, { stdout: '[main 4f1c2aa] Keep the last row of each exported page\n 2 files changed', stderr: '', interrupted: false }],
    ], 'The new test fails without the fix and passes with it. Both are committed.'),
    ...turn('heron-7', '/home/dev/heron', 'Where do we decide which mail server a tenant uses?', [
      ['Grep', { pattern: 'mailServer' }, { content: 'src/tenants/config.py:88: def mail_server(tenant):' }],
      ['Read', { file_path: '/home/dev/heron/src/tenants/config.py' }, { file: { content: 'def mail_server(tenant): return tenant.overrides.get("mail") or DEFAULT_MAIL' } }],
    ], 'tenants/config.py decides: the tenant’s own setting, then the default of the region.'),
  ];
  for (const event of events) {
    await call('POST', '/hooks', event);
  }
}

const DAY = 86_400_000;

/** Memories written by hand, over several days. */
export async function notes(call, now) {
  const all = [
    ['kestrel', 'decision', 'Money is kept in minor units', 'All amounts are integers in the currency’s minor unit. Only the view formats them. Rounding happens once, when tax is added up per invoice.', ['src/money.ts'], 0.1],
    ['kestrel', 'discovery', 'The bank’s sandbox answers 202 at night', 'Between 23:00 and 02:00 the sandbox queues payments and answers 202 without an id. Retry after the window; production does not do this.', ['src/bank/client.ts'], 1.1],
    ['heron', 'bugfix', 'Attachments over 10 MiB lost their name', 'The multipart writer dropped filename* when the header line went over 998 octets. Folding the header keeps it.', ['src/mail/multipart.py', 'test/test_multipart.py'], 1.2],
    ['heron', 'note', 'Release on Thursdays', 'Support is staffed on Fridays, so releases go out on Thursday before noon.', [], 2.3],
    ['osprey', 'feature', 'Search by licence plate', 'Plates are compared without spaces and hyphens, in upper case; O and 0 are one character, I and 1 are too.', ['app/plates.rb'], 3.2],
    ['osprey', 'refactor', 'One clock for the whole booking', 'Booking steps took the time on their own and could straddle midnight. They now share the clock of the request.', ['app/booking.rb', 'app/clock.rb'], 4.4],
    ['kestrel', 'change', 'Invoices are numbered by year', 'The sequence starts again each January; the year is part of the number. The old sequence stays readable.', ['src/invoice/number.ts'], 6.5],
  ];
  const { ids } = await call('POST', '/api/memories', all.map(([project, type, title, text, files, days]) => ({
    project: '/home/dev/' + project, type, title, text, files, createdAt: Math.round(now - days * DAY) })));
  return ids;
}

/** Asks until it fits. */
export async function until(what, ask, fits, deadlineMs = 30_000) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(what + ' did not happen; last: ' + JSON.stringify(answer).slice(0, 500));
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Until the observer has seen every turn. */
export const observed = call => until('every turn is observed', () => call('GET', '/api/stats'), stats => stats.summaries >= 3 && stats.queue.pending + stats.queue.claimed === 0);

/** All of it, and a search, so that the search server runs. */
export async function fill(call) {
  await agents(call);
  await notes(call, Date.now());
  await observed(call);
  await call('GET', '/api/search?query=invoice');
}
