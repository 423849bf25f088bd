// What the page promises, each tried on the real worker in a real browser.
import assert from 'node:assert/strict';
import net from 'node:net';
import { axeSource } from './browser.mjs';
import { until } from './seed.mjs';

const rows = page => page.locator('.row a');
const settled = page => page.locator('.live.live').waitFor();
const titles = page => page.locator('.row .title').allTextContents();

const eventually = (what, ask, fits = Boolean) => until(what, ask, fits, 15_000);

export async function aMemoryThatIsStoredElsewhereAppearsByItself({ open, call }) {
  const page = await open('/');
  await settled(page);
  await rows(page).first().waitFor();
  const before = await rows(page).count();
  const title = 'Stored while the page was open';
  await call('POST', '/api/memories', { text: 'A memory from another program.', title, project: '/home/dev/live' });
  await rows(page).filter({ hasText: title }).waitFor();
  assert.ok(before > 0);
  assert.equal((await titles(page))[0], title, 'the newest stands first');
  await eventually('a screen reader is told', () => page.locator('#said').textContent(), text => /1 new memory/.test(text));
}

export async function theStreamGoesOnWhereItWasAfterABreak({ open, call, url, visits }) {
  const wire = await wireTo(url);
  const page = await open(wire.url + '/');
  await settled(page);
  const lastIds = [];
  page.on('request', request => {
    if (new URL(request.url()).pathname === '/stream') {
      lastIds.push(request.headers()['last-event-id']);
    }
  });
  await call('POST', '/api/memories', { text: 'Before the break.', title: 'Before the break', project: '/home/dev/live' });
  await rows(page).filter({ hasText: 'Before the break' }).waitFor();
  wire.cut();
  await page.locator('.live.waiting').waitFor();
  await call('POST', '/api/memories', { text: 'During the break.', title: 'During the break', project: '/home/dev/live' });
  wire.mend();
  await rows(page).filter({ hasText: 'During the break' }).waitFor({ timeout: 30_000 });
  await settled(page);
  assert.match(lastIds.at(-1) ?? '', /-\d+$/, 'it comes back with the last id it had');
  wire.close();
  cutOff(visits);
}

export async function anUpgradeOfTheWorkerIsNoticed({ open, url, visits }) {
  const wire = await wireTo(url);
  const page = await open(wire.url + '/');
  await settled(page);
  assert.equal(await page.locator('.upgrade').count(), 0);
  await page.route(wire.url + '/', async route => (route.request().method() === 'HEAD'
    ? route.fulfill({ status: 200, headers: { etag: '"another-build"' } }) : route.continue()));
  wire.cut();
  await page.locator('.live.waiting').waitFor();
  wire.mend();
  await page.getByRole('button', { name: 'Load the new page' }).waitFor();
  wire.close();
  cutOff(visits);
}

export async function aHiddenTabHoldsNoConnectionAndCatchesUp({ open, call }) {
  const page = await open('/');
  await page.clock.install();
  await page.reload();
  await settled(page);
  const look = state => page.evaluate(value => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await look('hidden');
  await page.clock.fastForward(11_000);
  await page.locator('.live.resting').waitFor();
  await call('POST', '/api/memories', { text: 'While nobody looked.', title: 'While nobody looked', project: '/home/dev/live' });
  await look('visible');
  await rows(page).filter({ hasText: 'While nobody looked' }).waitFor();
  await settled(page);
}

export async function searchingAsOneTypesShowsMarkedHitsAndWhatServedThem({ open }) {
  const page = await open('/');
  await rows(page).first().waitFor();
  await page.locator('#search').pressSequentially('licence plates', { delay: 15 });
  await page.locator('.row mark').first().waitFor();
  assert.equal((await titles(page))[0], 'Search by licence plate');
  const marks = (await page.locator('.row').first().locator('mark').allTextContents()).map(text => text.toLowerCase());
  assert.ok(marks.some(text => text.startsWith('plate')), 'marked: ' + marks);
  assert.match(await page.locator('#served').textContent(), /found by words in \d+ ms/);
  assert.match(page.url(), /query=licence\+plates/);
  await page.locator('#search').fill('zyzzyva');
  await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
}

export async function anAnswerThatIsOvertakenIsNotShown({ open }) {
  const page = await open('/');
  await rows(page).first().waitFor();
  await page.route(/query=slowly/, async route => {
    await new Promise(resolve => setTimeout(resolve, 1_000));
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest(/query=slowly/);
  await page.locator('#search').fill('slowly');
  const slow = await asked;
  await page.locator('#search').fill('thursday');
  await rows(page).filter({ hasText: 'Release on Thursdays' }).waitFor();
  assert.match(slow.failure()?.errorText ?? '', /ABORTED/, 'the older question was given up');
}

export async function filtersStandInTheAddressAndSurviveReloadAndBack({ open }) {
  const page = await open('/');
  await rows(page).first().waitFor();
  await page.getByRole('button', { name: /Filters/ }).click();
  await page.getByLabel('Project').selectOption('/home/dev/osprey');
  await page.getByLabel('Type').selectOption('refactor');
  const only = async () => eventually('one memory is left', () => titles(page), all => all.length === 1);
  assert.deepEqual(await only(), ['One clock for the whole booking']);
  assert.match(page.url(), /type=refactor/);
  await page.reload();
  assert.deepEqual(await only(), ['One clock for the whole booking']);
  await page.locator('.chips').getByRole('button', { name: /type: refactor/ }).waitFor();
  await page.goBack();
  await eventually('the type is off again', () => titles(page), all => all.length === 2);
  await page.goForward();
  await only();
  await page.locator('#search').fill('clock');
  await eventually('the search is in the address', async () => page.url(), address => address.includes('query=clock'));
  await page.goBack();
  assert.equal(await page.locator('#search').inputValue(), '', 'what was typed goes with the address');
  await page.goForward();
  await page.locator('#search').fill('');
  await only();
  await page.getByRole('button', { name: 'Remove the filter project: osprey' }).click();
  await eventually('the project is off', async () => page.url(), address => !address.includes('project='));
}

export async function fileAndConceptAndDatesNarrowToo({ open }) {
  const page = await open('/?file=multipart&from=2000-01-01');
  assert.deepEqual(await eventually('one file', () => titles(page), all => all.length === 1), ['Attachments over 10 MiB lost their name']);
  await page.goto(new URL('/?to=2000-01-01', page.url()).href);
  await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
  await page.goto(new URL('/?concept=testing', page.url()).href);
  await rows(page).first().waitFor();
}

export async function aMemoryIsShownWithTheToolUsesBehindIt({ open }) {
  const page = await open('/?type=bugfix&project=/home/dev/kestrel');
  await rows(page).first().click();
  const detail = page.getByRole('complementary', { name: 'Memory' });
  await detail.locator('.source').first().waitFor();
  assert.ok((await detail.locator('.prose code').allTextContents()).includes('npm test -- export'), 'what stands between backticks is code');
  const tools = await detail.locator('.source .tool').allTextContents();
  assert.ok(tools.includes('Edit'), 'its tools: ' + tools);
  await detail.locator('.source', { hasText: 'Edit' }).locator('summary').click();
  await detail.getByText('i < rows.length - 1').first().waitFor();
  await detail.getByRole('link', { name: 'Session' }).click();
  await page.locator('.session-head').getByText('Timeline of a session').waitFor();
  const kinds = await eventually('the whole session', () => page.locator('.row .word').allTextContents(), all => all.length >= 5);
  assert.equal(kinds[0], 'prompt', 'a timeline begins with what was asked');
}

export async function aMemoryIsWrittenAndCorrected({ open }) {
  const page = await open('/');
  await page.getByRole('button', { name: 'New memory' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Deploys need two keys');
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('One from operations, one from the team.');
  await dialog.getByLabel('Project').fill('/home/dev/kestrel');
  await dialog.getByLabel('Facts').fill('The keys differ for each region.\n');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Deploys need two keys' }).waitFor();
  await page.locator('.detail').getByText('The keys differ for each region.').waitFor();
  await page.getByRole('button', { name: 'Correct' }).click();
  await dialog.getByLabel('Title').fill('Deploys need one key');
  await dialog.getByRole('button', { name: 'Save the correction' }).click();
  await page.getByRole('heading', { name: 'Deploys need one key' }).waitFor();
  await rows(page).filter({ hasText: 'Deploys need two keys' }).click();
  await page.locator('.detail .notice').getByRole('link', { name: 'Deploys need one key' }).waitFor();
}

export async function aRefusedSaveSaysSoAtItsField({ open, visits }) {
  const page = await open('/');
  await page.getByRole('button', { name: 'New memory' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Something');
  await dialog.getByLabel('Project').fill('/p/' + 'x'.repeat(5_000));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'project has' }).waitFor();
  assert.equal(await dialog.getByLabel('Project').getAttribute('aria-invalid'), 'true');
  forgive(visits, 400);
}

export async function forgettingCanBeUndoneUntilItIsSent({ open, call }) {
  const { id } = await call('POST', '/api/memories', { text: 'To be forgotten, perhaps.', title: 'Perhaps forgotten', project: '/home/dev/forget' });
  const page = await open('/');
  const row = rows(page).filter({ hasText: 'Perhaps forgotten' });
  await row.click();
  await page.getByRole('button', { name: 'Forget' }).click();
  await row.waitFor({ state: 'detached' });
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  assert.equal((await call('GET', '/api/observations/' + id)).title, 'Perhaps forgotten');
  await row.click();
  await page.getByRole('button', { name: 'Forget' }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await call('GET', '/api/observations/' + id)).id, id, 'not before the time to undo is over');
  await page.locator('.toast', { hasText: 'Forgotten:' }).getByRole('button', { name: 'Close this message' }).click();
  await gone(call, id);
}

export async function leavingThePageForgetsAtOnce({ open, call }) {
  const { id } = await call('POST', '/api/memories', { text: 'To be forgotten on leaving.', title: 'Forgotten on leaving', project: '/home/dev/forget' });
  const page = await open('/?open=observation-' + id);
  await page.getByRole('button', { name: 'Forget' }).click();
  await page.locator('.toast', { hasText: 'Forgotten' }).waitFor();
  await page.goto('about:blank');
  await gone(call, id);
}

const gone = (call, id) => eventually('it is gone', () => call('GET', '/api/observations/' + id).then(() => false, failure => /not_found/.test(failure.message)));

export async function aWrongSettingIsRefusedAtItsField({ open, call, visits }) {
  const page = await open('/settings');
  await page.getByLabel('context.summaries', { exact: true }).fill('many');
  await page.locator('#setting-context\\.summaries-wrong').getByText('A whole number is needed.').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await eventually('the field has the focus', () => page.evaluate(() => document.activeElement.id), id => id === 'setting-context.summaries');
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.getByLabel('http.host', { exact: true }).fill('10.0.0.1');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const wrong = page.locator('#setting-http\\.host-wrong');
  await eventually('the worker refuses it at the field', () => wrong.textContent(), text => text.includes('loopback'));
  await eventually('the field has the focus', () => page.evaluate(() => document.activeElement.id), id => id === 'setting-http.host');
  await page.getByRole('button', { name: 'Discard' }).click();

  await page.getByLabel('context.summaries', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.toast', { hasText: 'next start' }).waitFor();
  const summaries = async () => (await call('GET', '/api/settings')).settings.find(one => one.key === 'context.summaries');
  assert.equal((await summaries()).next.value, 7);
  await page.reload();
  assert.equal(await page.getByLabel('context.summaries', { exact: true }).inputValue(), '7');
  await page.getByText(/from the next start on, now 10/).waitFor();
  await page.getByRole('button', { name: 'Back to the default' }).first().click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await eventually('the key is out of the file', summaries, one => one.source === 'default' && !one.next);
  forgive(visits, 400);
}

export async function aSecretIsWrittenButNeverShown({ open, call }) {
  const page = await open('/settings');
  const secret = page.locator('input[type="password"]').first();
  await secret.fill('very-secret-indeed');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.toast', { hasText: 'next start' }).waitFor();
  await page.reload();
  await secret.waitFor();
  assert.equal(await secret.inputValue(), '');
  assert.ok(!(await page.content()).includes('very-secret-indeed'));
  assert.ok(!JSON.stringify(await call('GET', '/api/settings')).includes('very-secret-indeed'));
}

export async function whatIsExportedIsImportedAgain({ open, call }) {
  const { id } = await call('POST', '/api/memories', { text: 'Carried out and in again.', title: 'A traveller', project: '/home/dev/carry' });
  const page = await open('/settings');
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'JSON Lines' }).click();
  const file = await (await downloading).path();
  await call('DELETE', '/api/observations/' + id);
  await page.locator('#import-file').setInputFiles({ name: 'export.jsonl', mimeType: 'application/x-ndjson', buffer: (await import('node:fs')).readFileSync(file) });
  await page.getByText(/would bring 1 observation/).waitFor();
  const before = (await call('GET', '/api/search?query=traveller&kind=observation')).total;
  assert.equal(before, 0, 'the trial brings nothing');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.locator('.toast', { hasText: 'Imported: 1 observation' }).waitFor();
  assert.equal((await call('GET', '/api/search?query=traveller&kind=observation')).total, 1);
}

export async function theDashboardShowsAChildAppearAndVanish({ open, call }) {
  const child = await until('the search server runs', async () => {
    await call('GET', '/api/search?query=anything');
    return (await call('GET', '/api/processes')).children[0];
  }, Boolean);
  const page = await open('/processes');
  const shown = pid => page.getByRole('button', { name: 'Recycle search, process ' + pid });
  await shown(child.pid).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await call('GET', '/api/processes')).children[0].pid, child.pid, 'nothing without a yes');
  await shown(child.pid).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Recycle' }).click();
  await shown(child.pid).waitFor({ state: 'detached' });
  const next = await until('another search server runs', async () => {
    await call('GET', '/api/search?query=anything');
    return (await call('GET', '/api/processes')).children[0];
  }, one => one && one.pid !== child.pid);
  await shown(next.pid).waitFor();
  await page.getByRole('button', { name: 'Sweep now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sweep' }).click();
  await page.locator('.toast', { hasText: 'No strays were found' }).waitFor();
  const links = await page.getByRole('region', { name: 'Verticles' }).locator('tbody th').allTextContents();
  const order = (await call('GET', '/api/verticles')).verticles.map(link => link.name);
  assert.deepEqual(links.map(text => text.trim()), order);
}

export async function theThemeFollowsTheSystemAndCanBeChosen({ open }) {
  const page = await open('/', { colorScheme: 'dark' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  assert.notEqual(dark, light);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  assert.equal(await ground(), dark, 'chosen against the system');
  await page.reload();
  assert.equal(await ground(), dark, 'and remembered');
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
}

const PAGES = ['/', '/sessions', '/processes', '/settings'];

/** What reaches beyond the screen, if the page does at all. */
const tooWide = page => page.evaluate(() => (document.documentElement.scrollWidth <= innerWidth ? []
  : [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > innerWidth).map(element => element.tagName + '.' + element.className)));

/** What axe calls serious or critical. */
async function graveFindings(page, source) {
  const found = await page.evaluate(async script => {
    if (!globalThis.axe) {
      (0, eval)(script);
    }
    const result = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(one => one.impact + ': ' + one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(', '));
  }, source);
  return found.filter(line => /^(serious|critical)/.test(line));
}

export async function nothingIsWiderThanANarrowScreen({ open }) {
  const page = await open('/', { viewport: { width: 360, height: 700 } });
  const check = async what => assert.deepEqual(await tooWide(page), [], what + ' is wider than the screen');
  for (const address of PAGES) {
    await page.goto(new URL(address, page.url()).href);
    await page.locator('.row, .session, .figure, .setting').first().waitFor();
    await check(address);
  }
  await page.goto(new URL('/', page.url()).href);
  await rows(page).first().click();
  await page.locator('.detail article').waitFor();
  await check('a memory');
  await page.locator('.detail').getByRole('link', { name: 'Close' }).click();
  await page.getByRole('button', { name: /Filters/ }).click();
  await check('the filters');
  await page.getByRole('button', { name: 'New memory' }).click();
  await check('the editor');
}

export async function axeFindsNothingSerious({ open }) {
  const source = axeSource();
  for (const colorScheme of ['light', 'dark']) {
    const page = await open('/', { colorScheme, bypassCSP: true });
    const look = async what => {
      assert.deepEqual(await graveFindings(page, source), [], what + ' in ' + colorScheme);
    };
    for (const address of PAGES) {
      await page.goto(new URL(address, page.url()).href);
      await page.locator('.row, .session, .figure, .setting').first().waitFor();
      await look(address);
    }
    await page.goto(new URL('/?query=page', page.url()).href);
    await rows(page).first().click();
    await page.locator('.detail article').waitFor();
    await page.getByRole('button', { name: /Filters/ }).click();
    await look('a memory');
    await page.getByRole('button', { name: 'New memory' }).click();
    await look('the editor');
  }
}

export async function theDocumentationIsOneClickAwayAndReadsWellEverywhere({ open }) {
  const page = await open('/');
  await page.getByRole('link', { name: 'Docs' }).click();
  await page.getByRole('heading', { level: 1, name: 'Start here' }).waitFor();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'HTTP API' }).click();
  await page.getByRole('heading', { level: 1, name: 'HTTP API' }).waitFor();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Who may call' }).click();
  await eventually('the section is in sight, below the head', () => page.locator('#who-may-call').evaluate(heading => heading.getBoundingClientRect().top),
    top => top >= 50 && top < 800);
  await page.evaluate(() => localStorage.setItem('cairn.theme', 'dark'));
  await page.reload();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark', 'the chosen theme holds here too');
  await page.evaluate(() => localStorage.removeItem('cairn.theme'));
  const all = await page.locator('.contents > ul > li > a').evaluateAll(links => links.map(link => link.href));
  assert.ok(all.length > 30);
  const narrow = await open('/docs', { viewport: { width: 360, height: 700 } });
  for (const address of all) {
    await narrow.goto(address);
    assert.deepEqual(await tooWide(narrow), [], address + ' is wider than the screen');
  }
  await narrow.getByRole('link', { name: 'Contents', exact: true }).click();
  await eventually('the contents are in sight', () => narrow.locator('#contents').evaluate(list => list.getBoundingClientRect().top), top => top < 700);
  const source = axeSource();
  for (const colorScheme of ['light', 'dark']) {
    const reader = await open('/docs', { colorScheme, bypassCSP: true });
    for (const name of ['start', 'page', 'http-api', 'process-ownership', 'faq']) {
      await reader.goto(new URL('/docs/' + name, reader.url()).href);
      assert.deepEqual(await graveFindings(reader, source), [], name + ' in ' + colorScheme);
    }
  }
}

export async function theKeyboardAloneSearchesOpensAndCloses({ open }) {
  const page = await open('/');
  await rows(page).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('minor units');
  await eventually('found', () => titles(page), all => all[0] === 'Money is kept in minor units');
  await page.keyboard.press('ArrowDown');
  await eventually('the first hit has the focus', () => page.evaluate(() => document.activeElement.dataset?.index), index => index === '0');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Money is kept in minor units' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.detail article').waitFor({ state: 'detached' });
  await eventually('the focus is back', () => page.evaluate(() => document.activeElement.dataset?.index), index => index === '0');
  await page.keyboard.press('ArrowUp');
  await eventually('the field has the focus', () => page.evaluate(() => document.activeElement.id), id => id === 'search');
}

export async function aLongListKeepsFewElementsAndComesToItsEnd({ open, call }) {
  const text = 'One of many.';
  for (let from = 0; from < 600; from += 100) {
    await call('POST', '/api/memories', Array.from({ length: 100 }, (none, index) => ({
      text, title: 'Number ' + (from + index), project: '/home/dev/long', createdAt: 1_700_000_000_000 + Math.floor((from + index) / 7) * 60_000 })));
  }
  const page = await open('/?project=/home/dev/long');
  await rows(page).first().waitFor();
  assert.equal((await titles(page))[0], 'Number 599');
  const seen = new Set();
  await eventually('every one was seen', async () => {
    (await titles(page)).forEach(title => seen.add(title));
    assert.ok(await rows(page).count() < 60, 'only those around what is in sight are elements');
    await page.locator('.scroller').evaluate(element => new Promise(painted => {
      element.scrollBy(0, 1500);
      requestAnimationFrame(() => requestAnimationFrame(painted));
    }));
    return Array.from({ length: 600 }, (none, index) => 'Number ' + index).filter(title => !seen.has(title));
  }, missing => missing.length === 0);
}

export async function theTokenIsAskedForAndUsed({ open, url, visits }) {
  const page = await open('/');
  await page.getByRole('heading', { name: 'The token, please' }).waitFor();
  await page.getByLabel('Token').fill('wrong');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('That is not the token.').waitFor();
  await page.getByLabel('Token').fill('a-token-for-the-browser');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'No memories yet' }).waitFor();
  await settled(page);
  const response = await fetch(url + '/api/memories', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer a-token-for-the-browser' },
    body: JSON.stringify({ text: 'Told over the stream.', title: 'Told with a token', project: '/p' }) });
  assert.equal(response.status, 201);
  await rows(page).filter({ hasText: 'Told with a token' }).waitFor();
  await page.goto(url + '/settings');
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'JSON Lines' }).click();
  assert.ok((await downloading).suggestedFilename().endsWith('.jsonl'));
  forgive(visits, 401);
}

/** On a worker whose model says what makes no sense. */
export async function aTurnThatWasParkedIsShownAndTriedAgain({ open, call }) {
  const hook = event => call('POST', '/hooks', { session_id: 's', cwd: '/home/dev/parked', ...event });
  await hook({ hook_event_name: 'UserPromptSubmit', prompt: 'Why is the build slow?' });
  await hook({ hook_event_name: 'PostToolUse', tool_name: 'Read', tool_input: { file_path: '/home/dev/parked/pom.xml' }, tool_response: { file: { content: 'a' } }, tool_use_id: 'u1' });
  await hook({ hook_event_name: 'Stop', last_assistant_message: 'It compiles twice.' });
  const { items } = await until('the turn is parked', () => call('GET', '/api/turns?state=parked'), turns => turns.items.length === 1);
  const page = await open('/processes');
  const parked = page.locator('.group', { has: page.getByRole('heading', { name: 'Parked turns' }) });
  await parked.getByText('parked').first().waitFor();
  assert.ok((await parked.textContent()).includes(items[0].lastError), 'it says why');
  const models = page.getByRole('region', { name: 'Use of models' });
  await models.getByText('claude-haiku-4-5').waitFor();
  const { total } = await call('GET', '/api/usage');
  await page.getByText(total.calls + ' call', { exact: false }).first().waitFor();
  await parked.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.toast', { hasText: 'in the queue again' }).waitFor();
  await eventually('the model is asked again', () => call('GET', '/api/usage'), usage => usage.total.calls > total.calls);
}

/** On a worker whose search server dies as soon as it starts. */
export async function anAlertIsShownAsItHappensAndKept({ open, call }) {
  const page = await open('/processes');
  await page.getByRole('heading', { name: 'Alerts and strays' }).waitFor();
  await until('it is given up', async () => {
    await call('GET', '/api/search?query=anything');
    return (await call('GET', '/api/processes/alerts')).alerts;
  }, alerts => alerts.some(one => one.what === 'circuit'));
  await page.locator('.alerts li', { hasText: 'Kept failing' }).first().waitFor();
  await page.reload();
  await page.locator('.alerts li', { hasText: 'Kept failing' }).first().waitFor();
}

export async function whatWasStoredIsShownAsTextWhateverItIs({ open, call }) {
  const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'&amp;';
  await call('POST', '/api/memories', { text: evil + ' evilword', title: evil, project: '/home/dev/evil', facts: [evil], files: [evil] });
  const page = await open('/?query=evilword');
  page.on('dialog', dialog => assert.fail('a script ran: ' + dialog.message()));
  await rows(page).first().click();
  await page.getByRole('heading', { name: evil }).waitFor();
  assert.equal(await page.locator('#app img, #app script').count(), 0);
}

/** A way to the worker that can be cut, as by a restart. */
async function wireTo(url) {
  const target = new URL(url);
  const sockets = new Set();
  let cut = false;
  const server = net.createServer(socket => {
    if (cut) {
      socket.destroy();
      return;
    }
    const far = net.connect(Number(target.port), target.hostname);
    for (const one of [socket, far]) {
      sockets.add(one);
      one.on('error', () => {}).on('close', () => { sockets.delete(one); (one === socket ? far : socket).destroy(); });
    }
    socket.pipe(far).pipe(socket);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const drop = () => [...sockets].forEach(socket => socket.destroy());
  return {
    url: 'http://127.0.0.1:' + server.address().port,
    cut: () => { cut = true; drop(); },
    mend: () => { cut = false; },
    close: () => { drop(); server.close(); },
  };
}

/** The browser itself notes each refused request; those that a case provokes are no fault of the page. */
function forgive(visits, status) {
  for (const { wrong } of visits) {
    wrong.splice(0, wrong.length, ...wrong.filter(line => !line.includes('status of ' + status)));
  }
}

/** So it notes each request that was cut. */
function cutOff(visits) {
  for (const { wrong } of visits) {
    wrong.splice(0, wrong.length, ...wrong.filter(line => !/net::ERR_/.test(line)));
  }
}
