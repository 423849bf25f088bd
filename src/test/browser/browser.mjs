// A browser for tests and pictures: Playwright's core with the machine's Chromium, all that goes wrong on a page noted.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const home = process.env.CAIRN_BROWSER_HOME
  ?? path.join(process.env.XDG_DATA_HOME ?? path.join(process.env.HOME, '.local/share'), 'cairn/browser');
const require = createRequire(path.join(home, 'index.js'));
const { chromium } = require('playwright-core');

/** The source of axe, to be run in a page. */
export const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** @returns {Promise<import('playwright-core').Browser>} */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CAIRN_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run',
      ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
}

/**
 * A page in a profile of its own.
 * @returns {Promise<{page: import('playwright-core').Page, context: any, wrong: string[]}>} `wrong` gathers what no page may do
 */
export async function visit(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const wrong = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') {
      wrong.push(message.type() + ': ' + message.text());
    }
  });
  page.on('pageerror', error => wrong.push('error: ' + error.message));
  await page.exposeFunction('noteViolation', text => wrong.push('policy: ' + text));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', event =>
    globalThis.noteViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample)));
  return { page, context, wrong };
}
