// The register by keyboard alone: ten items by barcode, a discount, a split tender, the change; with how long a scan takes.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:5080';
const width = Number(process.argv[2] ?? 1440);
const scheme = process.argv[3] ?? 'light';
mkdirSync('shots', { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await (await browser.newContext({ viewport: { width, height: width === 390 ? 844 : width === 820 ? 1180 : 900 }, colorScheme: scheme, reducedMotion: 'reduce' })).newPage();
page.on('pageerror', (error) => console.log('PAGE ERROR', error.message));
page.on('console', (message) => message.type() === 'error' && console.log('console', message.text().slice(0, 300)));
const shot = (name) => page.screenshot({ path: `shots/till-${name}-${width}-${scheme}.png` });
const focus = () => page.evaluate(() => `${document.activeElement?.tagName}:${document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.slice(0, 30)}`);
const total = () => page.textContent('[data-testid=total]');
await page.goto(`${base}/sales/point-of-sale/register?terminal=T1`);
await page.waitForLoadState('networkidle');
console.log('focus at start', await focus());
for (let n = 0; n < 10; n++) {
  await page.keyboard.type(`590100${10000 + n * 3}`);
  await page.keyboard.press('Enter');
}
await page.keyboard.type('3*5901001000' + '0');
await page.keyboard.press('Enter');
await page.waitForTimeout(400);
console.log('after 11 scans', await total(), await focus());
await shot('selling');
await page.keyboard.press('*');
await page.waitForTimeout(250);
console.log('quantity dialog focus', await focus());
await page.keyboard.type('2');
await page.keyboard.press('Enter');
await page.waitForTimeout(250);
console.log('back to scan', await focus());
await page.keyboard.type('milk');
await page.waitForTimeout(100);
await shot('suggest');
await page.keyboard.press('Escape');
await page.keyboard.type('4%');
await page.keyboard.press('Enter');
await page.waitForTimeout(400);
console.log('discounted', await total());
await page.keyboard.press('F2');
await page.waitForTimeout(250);
await page.keyboard.type('C-10');
await page.waitForTimeout(700);
await shot('customer');
await page.keyboard.press('Enter');
await page.waitForTimeout(300);
await page.keyboard.press('F8');
await page.waitForTimeout(400);
console.log('tender focus', await focus());
await page.keyboard.type('10');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await page.waitForTimeout(500);
await shot('tender');
console.log('after card', await focus());
await page.keyboard.press('ArrowUp');
await page.keyboard.type('200');
await page.keyboard.press('Enter');
await page.waitForTimeout(500);
console.log('paid', await focus());
await shot('paid');
await page.keyboard.press('F10');
await page.waitForTimeout(600);
await shot('posted');
console.log('change', await page.textContent('[data-testid=change]').catch(() => 'NONE'), await focus());
// One hundred lines, then the cost of one more: from the key press to the painted line.
for (let n = 0; n < 100; n++) {
  await page.keyboard.type(`${10100 + n}`);
  await page.keyboard.press('Enter');
}
await page.waitForTimeout(500);
const times = [];
for (let n = 0; n < 10; n++) {
  await page.keyboard.type(`${10001 + n}`);
  const took = await page.evaluate(
    () =>
      new Promise((done) => {
        const field = document.activeElement;
        const before = performance.now();
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - before)));
      }),
  );
  times.push(Math.round(took * 10) / 10);
}
console.log('lines', await page.locator('ol li').count(), 'ms to add a line at 100', times.join(' '));
await page.keyboard.press('F9');
await page.waitForTimeout(600);
console.log('F9 change', await page.textContent('[data-testid=change]').catch(() => 'NONE'));
// An override asks for a second person.
await page.keyboard.type('10003');
await page.keyboard.press('Enter');
await page.keyboard.press('F6');
await page.waitForTimeout(300);
await page.keyboard.type('0.50');
await shot('override');
await page.keyboard.press('Tab');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await page.keyboard.press('Tab');
await page.keyboard.press('Tab');
console.log('override focus', await focus());
await page.keyboard.press('Enter');
await page.waitForTimeout(500);
await page.keyboard.press('F9');
await page.waitForTimeout(600);
await shot('authorise');
console.log('authorise focus', await focus());
await page.keyboard.type('boss');
await page.keyboard.press('Tab');
await page.keyboard.type('secret');
await page.keyboard.press('Enter');
await page.waitForTimeout(800);
await shot('authorised');
console.log('after authorise', await page.textContent('[data-testid=change]').catch(() => 'NONE'));
await browser.close();
