// Screenshots of the pages at three widths in light and dark, with what the console said and what axe finds.
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:5080';
const doc = process.env.DOC ?? '/sales/point-of-sale/0198c000-0000-7000-8000-000000005003';
const pages = {
  operations: '/',
  module: '/sales',
  dashboard: '/sales/point-of-sale',
  list: '/sales/point-of-sale/list',
  detail: doc,
  entries: `${doc}?tab=entries`,
  related: `${doc}?tab=related`,
  timeline: `${doc}?tab=timeline`,
  reports: '/sales/point-of-sale/reports/daily?compare=previous',
  trend: '/sales/point-of-sale/analytics',
  variance: '/sales/point-of-sale/analytics?view=variance',
  heatmap: '/sales/point-of-sale/analytics?view=heatmap',
  forecast: '/sales/point-of-sale/analytics?view=forecast',
  approvals: '/approvals',
  exceptions: '/exceptions',
  activity: '/activity',
  audit: '/audit',
  search: '/search?q=HQ',
  register: '/sales/point-of-sale/register?terminal=T1',
  shifts: '/sales/point-of-sale/shifts',
  shift: '/sales/point-of-sale/shifts/x',
  close: '/sales/point-of-sale/shifts/x/close',
  zreport: '/sales/point-of-sale/shifts/x/report?kind=x',
  admin: '/admin',
  items: '/admin/items',
  users: '/admin/users',
  roles: '/admin/roles',
  trialbalance: '/admin/trial-balance',
  account: '/account',
};
const only = process.argv[2]?.split(',');
const widths = (process.argv[3] ?? '1440,820,390').split(',').map(Number);
const schemes = (process.argv[4] ?? 'light,dark').split(',');
mkdirSync('shots', { recursive: true });
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const scheme of schemes)
  for (const width of widths) {
    const context = await browser.newContext({
      viewport: { width, height: width === 390 ? 844 : width === 820 ? 1180 : 900 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on(
      'console',
      (message) => ['error', 'warning'].includes(message.type()) && console.log(`  console ${page.url()}: ${message.text().slice(0, 220)}`),
    );
    page.on('pageerror', (error) => console.log(`  PAGE ERROR ${page.url()}: ${error.message.slice(0, 300)}`));
    for (const [name, path] of Object.entries(pages)) {
      if (only?.[0] && only[0] !== 'all' && !only.includes(name)) continue;
      await page.goto(base + path);
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(250);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 1) console.log(`  OVERFLOW ${name} ${width}: ${overflow}`);
      await page.screenshot({ path: `shots/${name}-${width}-${scheme}.png`, fullPage: false });
      if (process.env.AXE) {
        await page.evaluate(axe);
        const found = await page.evaluate(() =>
          window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
        );
        for (const violation of found.violations)
          console.log(
            `  AXE ${name} ${width} ${scheme}: ${violation.id} x${violation.nodes.length} ${violation.nodes[0].target} ${violation.nodes[0].failureSummary.split('\n')[1]?.slice(0, 160)}`,
          );
      }
    }
    await context.close();
  }
await browser.close();
