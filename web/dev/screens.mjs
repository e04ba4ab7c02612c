// Takes pictures of pages of a running server, at three widths, in light and dark, for people to look at.
//   BASE=http://127.0.0.1:5080 USER_NAME=admin PASSWORD=... node dev/screens.mjs FOLDER [widths] [schemes] [paths...]
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://127.0.0.1:5080';
const [folder = 'screens', widths = '1440,820,390', schemes = 'light,dark', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const till = '/sales/point-of-sale';

for (const colorScheme of schemes.split(',')) {
  for (const width of widths.split(',').map(Number)) {
    const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, reducedMotion: 'reduce', colorScheme });
    const page = await context.newPage();
    const signIn = await page.request.post(`${base}/api/v1/session`, {
      data: { userName: process.env.USER_NAME ?? 'admin', password: process.env.PASSWORD ?? '' },
    });
    if (!signIn.ok()) throw new Error(`sign-in: ${signIn.status()}`);
    const first = async (path) => (await (await page.request.get(`${base}/api/v1${path}`)).json()).items?.[0];
    const sale = await first(`${till}?kind=sale&status=posted`);
    const shift = await first(`${till}/shifts?state=closed`);
    const paths = only.length > 0 ? only : [
      '/', '/sales', till, `${till}/list`, `${till}/reports/daily`, `${till}/reports/by-item`, `${till}/reports/cashier-performance`, `${till}/analytics`,
      `${till}/analytics?view=variance`, `${till}/analytics?view=heatmap`, `${till}/analytics?view=forecast`, `${till}/approvals`, `${till}/shifts`,
      `${till}/shifts/${shift?.id}`, `${till}/shifts/${shift?.id}/report?kind=z`, `${till}/parked`, `${till}/${sale?.id}`, `${till}/${sale?.id}?tab=entries`,
      `${till}/${sale?.id}?tab=related`, `${till}/${sale?.id}?tab=timeline`, `${till}/${sale?.id}/receipt`, '/kernel/stock', '/kernel/stock/list', '/approvals',
      '/exceptions', '/activity', '/audit', '/account', '/admin', '/admin/items', '/admin/items?open=new', '/admin/prices', '/admin/tax-codes', '/admin/parties',
      '/admin/approval-rules', '/admin/account-rules', '/admin/company', '/admin/denominations', '/admin/number-series', '/admin/users', '/admin/roles',
      '/admin/tokens', '/admin/jobs', '/admin/accounts', '/admin/trial-balance', '/admin/periods', '/admin/targets', '/search?q=te',
    ];
    for (const path of paths) {
      await page.goto(base + path);
      await page.waitForLoadState('networkidle').catch(() => undefined);
      await page.waitForTimeout(200);
      const name = path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home';
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
    }
    await context.close();
  }
}
await browser.close();
