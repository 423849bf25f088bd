// Runs one case against a worker: node run.mjs URL CASE. Ends with 0 when all holds; else says what does not.
import process from 'node:process';
import { launch, visit } from './browser.mjs';
import { client } from './seed.mjs';
import * as cases from './cases.mjs';

const [url, name] = process.argv.slice(2);
const test = cases[name];
if (!test) {
  throw new Error('no case is called ' + name);
}
const browser = await launch();
try {
  const visits = [];
  const open = async (address = '/', options = {}) => {
    const one = await visit(browser, options);
    visits.push(one);
    await one.page.goto(new URL(address, url).href);
    return one.page;
  };
  await test({ url, open, call: client(url), visits });
  const wrong = visits.flatMap(one => one.wrong);
  if (wrong.length > 0) {
    throw new Error('on the page:\n' + wrong.join('\n'));
  }
  console.log(name + ' holds');
} finally {
  await browser.close();
}
