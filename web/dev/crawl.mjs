// Opens every page as one user at two widths and says which answers failed, what the console said and what overflows.
//   BASE=http://127.0.0.1:5080 USER_NAME=admin PASSWORD=... node dev/crawl.mjs [widths]
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:5080';
const widths = (process.argv[2] ?? '1440,390').split(',').map(Number);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const till = '/sales/point-of-sale';
const admin =
  'items categories units tax-codes price-lists prices parties payment-methods reasons chart targets branches warehouses terminals roles users tokens accounts account-rules approval-rules trial-balance periods number-series company denominations jobs'.split(
    ' ',
  );

for (const width of widths) {
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  let at = '';
  page.on('response', (answer) => answer.status() >= 400 && console.log(`${width} ${at}: ${answer.status()} ${answer.url()}`));
  page.on('console', (said) => said.type() === 'error' && console.log(`${width} ${at}: console ${said.text().slice(0, 240)}`));
  page.on('pageerror', (error) => console.log(`${width} ${at}: PAGE ERROR ${error.message.slice(0, 300)}`));
  const signIn = await page.request.post(`${base}/api/v1/session`, {
    data: { userName: process.env.USER_NAME ?? 'admin', password: process.env.PASSWORD ?? '' },
  });
  if (!signIn.ok()) throw new Error(`sign-in: ${signIn.status()}`);
  const first = async (path, key = 'items') => (await (await page.request.get(`${base}/api/v1${path}`)).json().catch(() => ({})))[key]?.[0];
  const sale = await first(`${till}?kind=sale`);
  const shift = await first(`${till}/shifts`);
  const account = await first('/ledger/accounts');
  const terminal = await first(`${till}/terminals`);
  const reports = (await (await page.request.get(`${base}/api/v1${till}/reports`)).json().catch(() => ({}))).items ?? [];
  const paths = [
    '/',
    '/sales',
    ...['', '/list', '/reports', '/analytics', '/analytics?view=variance', '/analytics?view=heatmap', '/analytics?view=forecast'].map(
      (rest) => till + rest,
    ),
    ...reports.map((report) => `${till}/reports/${report.code}?compare=previous`),
    ...['/approvals', '/parked', '/shifts', '/register', `/register?terminal=${terminal?.code}`].map((rest) => till + rest),
    ...(sale ? ['', '?tab=entries', '?tab=related', '?tab=timeline', '/receipt'].map((rest) => `${till}/${sale.id}${rest}`) : []),
    ...(shift ? ['', '/close', '/handover', '/report?kind=x', '/report?kind=z'].map((rest) => `${till}/shifts/${shift.id}${rest}`) : []),
    '/approvals',
    '/exceptions',
    '/activity',
    '/audit',
    '/search?q=SE',
    '/account',
    '/admin',
    ...admin.map((name) => `/admin/${name}`),
    ...(account ? [`/admin/accounts/${account.code}`] : []),
  ];
  for (at of paths) {
    await page.goto(base + at);
    await page.waitForLoadState('networkidle').catch(() => console.log(`${width} ${at}: never quiet`));
    await page.waitForTimeout(150);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 1) console.log(`${width} ${at}: wider than the screen by ${overflow}`);
    if (process.env.SAY) console.log(`${width} ${at}: ${(await page.locator('main').first().innerText().catch(() => 'no main')).replaceAll('\n', ' | ').slice(0, Number(process.env.SAY))}`);
  }
  await context.close();
}
await browser.close();
