// Takes pictures of the register in its states: empty, ten lines, a discount, a gift card, the tender, change, the receipt.
//   BASE=http://127.0.0.1:5080 USER_NAME=cashier PASSWORD=... TERMINAL=T1 node dev/register.mjs FOLDER [widths] [schemes]
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:5080';
const terminal = process.env.TERMINAL ?? 'T1';
const [folder = 'screens', widths = '1440,820,390', schemes = 'light,dark'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

for (const colorScheme of schemes.split(',')) {
  for (const width of widths.split(',').map(Number)) {
    const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, reducedMotion: 'reduce', colorScheme });
    const page = await context.newPage();
    page.on('response', (answer) => answer.status() >= 400 && console.log(`${width}: ${answer.status()} ${answer.url()}`));
    page.on('pageerror', (error) => console.log(`${width}: PAGE ERROR ${error.message}`));
    const signIn = await page.request.post(`${base}/api/v1/session`, { data: { userName: process.env.USER_NAME ?? 'cashier', password: process.env.PASSWORD ?? '' } });
    if (!signIn.ok()) throw new Error(`sign-in: ${signIn.status()}`);
    const take = async (name) => {
      await page.waitForTimeout(350);
      await page.screenshot({ path: `${folder}/register-${name}-${width}-${colorScheme}.png` });
    };
    await page.goto(`${base}/sales/point-of-sale/register`);
    await page.waitForLoadState('networkidle');
    await take('0-choose');
    await page.goto(`${base}/sales/point-of-sale/register?terminal=${terminal}`);
    await page.waitForLoadState('networkidle');
    if (await page.getByText('Count the money').isVisible()) {
      await take('1-open');
      await page.getByRole('textbox').first().fill('200.00');
      await page.keyboard.press('Enter');
      await page.waitForLoadState('networkidle');
    }
    await page.waitForTimeout(500);
    await take('2-empty');
    const items = (await (await page.request.get(`${base}/api/v1/sales/point-of-sale/catalogue?limit=12`)).json()).items.filter((item) => item.barcodes[0]);
    for (const item of items.slice(0, 10)) {
      await page.keyboard.type(item.barcodes[0]);
      await page.keyboard.press('Enter');
    }
    await page.waitForLoadState('networkidle');
    await take('3-ten-lines');
    await page.keyboard.press('%');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('5');
    await take('4-discount');
    await page.keyboard.press('Enter');
    await page.keyboard.press('F3');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('25');
    await page.keyboard.press('Enter');
    await take('5-gift-card');
    await page.keyboard.press('F8');
    await page.getByText('Still to pay').waitFor();
    await take('6-tender');
    await page.keyboard.type('500');
    await page.keyboard.press('Enter');
    await page.waitForLoadState('networkidle');
    await take('7-change');
    await page.keyboard.press('F10');
    await page.getByText('Scan the next item').waitFor();
    await take('8-posted');
    await page.keyboard.press('Escape');
    await context.close();
  }
}
await browser.close();
