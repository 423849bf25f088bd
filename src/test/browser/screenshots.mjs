// Pictures of every page in light and dark, of a worker with a small memory:
//   CAIRN_VECTOR_MODE=off CAIRN_SEARCH_MODE=process CAIRN_DATA_DIR=$(mktemp -d) java -jar target/cairn.jar &
//   node src/test/browser/screenshots.mjs http://127.0.0.1:37777 src/site/resources/images
// A third argument png keeps them as they are.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { launch, visit } from './browser.mjs';
import { client, fill } from './seed.mjs';

const [url, out, format = 'webp'] = process.argv.slice(2);
const call = client(url);
if ((await call('GET', '/api/stats')).observations === 0) {
  await fill(call);
}

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 780 };
const shots = [
  ['memory', '/', WIDE, async page => {
    await page.locator('.row a', { hasText: 'last row' }).and(page.locator('.row.observation a')).first().click();
    await page.locator('.detail .source').first().waitFor();
  }],
  ['search', '/?query=invoice+rounding', WIDE, async page => {
    await page.locator('.row a').first().click();
    await page.locator('.detail article').waitFor();
  }],
  ['processes', '/processes', { width: 1280, height: 1400 }, page => page.locator('#chart-memory canvas').waitFor({ timeout: 30_000 })],
  ['settings', '/settings', WIDE, page => page.locator('.setting').nth(5).waitFor()],
  ['sessions', '/sessions', WIDE, page => page.locator('.session').first().waitFor()],
  ['editor', '/?open=observation-8', WIDE, page => page.getByRole('button', { name: 'Correct' }).click()],
  ['narrow', '/', NARROW, async () => {}],
  ['docs', '/docs/concepts', WIDE, async () => {}],
];
/** A third of the size; the browser can do it by itself. */
async function webp(page, png) {
  await page.goto('about:blank');
  const data = await page.evaluate(async source => {
    const image = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.9).split(',')[1];
  }, 'data:image/png;base64,' + png.toString('base64'));
  return Buffer.from(data, 'base64');
}

const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const [name, address, viewport, prepare] of shots) {
    const { page, context, wrong } = await visit(browser, { colorScheme, viewport });
    await page.goto(url + address);
    if (!address.startsWith('/docs')) {
      await page.locator('.live.live').waitFor();
    }
    if (address.startsWith('/?') || address === '/') {
      await page.locator('.row').first().waitFor();
    }
    await prepare(page);
    const picture = await page.screenshot();
    await writeFile(path.join(out, 'page-' + name + '-' + colorScheme + (format === 'png' ? '.png' : '.webp')),
      format === 'png' ? picture : await webp(page, picture));
    wrong.forEach(line => console.log(name, colorScheme, line));
    await context.close();
  }
}
await browser.close();
