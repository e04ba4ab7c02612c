// A stand-in for the API while it is being written: enough of docs/api.md to look at every page. Never part of the build.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const dist = new URL('../dist/', import.meta.url).pathname;
let seed = 7;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const pick = (list) => list[Math.floor(random() * list.length)];
const money = (value) => value.toFixed(2);
const day = (back) => new Date(Date.now() - back * 864e5).toISOString().slice(0, 10);
const id = (n) => `0198c000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const branches = [
  { id: id(1), code: 'HQ', name: 'Main Street', timeZone: 'Europe/Berlin' },
  { id: id(2), code: 'NORTH', name: 'North Quay', timeZone: 'Europe/Berlin' },
  { id: id(3), code: 'AIR', name: 'Airport', timeZone: 'Europe/Berlin' },
];
const route = '/api/v1/sales/point-of-sale';
const col = (key, label, type, more = {}) => ({ key, label, type, filterable: false, sortable: true, defaultShown: true, ...more });
const fn = {
  code: 'sales.point-of-sale',
  module: 'sales',
  slug: 'point-of-sale',
  name: 'Point of sale',
  summary: 'Sell and take money at a counter, and prove the drawer.',
  route,
  actions: ['view', 'create', 'reverse', 'submit', 'approve'],
  kinds: [
    { code: 'sale', name: 'Sale' },
    { code: 'cash-movement', name: 'Cash movement' },
  ],
  columns: [
    col('number', 'Number', 'text'),
    col('businessDate', 'Date', 'date', { filterable: true }),
    col('status', 'Status', 'status', { filterable: true, options: ['draft', 'posted', 'reversed'] }),
    col('branch', 'Branch', 'branch', { filterable: true }),
    col('terminal', 'Terminal', 'text', { filterable: true }),
    col('party', 'Customer', 'party', { filterable: true }),
    col('cashier', 'Cashier', 'user', { filterable: true }),
    col('net', 'Net', 'money'),
    col('tax', 'Tax', 'money'),
    col('total', 'Total', 'money'),
    col('items', 'Units', 'quantity', { defaultShown: false }),
  ],
  dimensions: ['branch', 'user', 'shift', 'category', 'item'].map((key) => ({ key, label: key })),
  measures: [
    { key: 'netSales', label: 'Net sales', type: 'money', better: 'up' },
    { key: 'transactions', label: 'Transactions', type: 'integer', better: 'up' },
    { key: 'discounts', label: 'Discounts', type: 'money', better: 'down' },
  ],
  reports: [
    ['daily', 'Daily sales', false],
    ['weekly', 'Weekly sales', false],
    ['monthly', 'Monthly sales', false],
    ['tender-summary', 'Tender summary', true],
    ['hourly-sales', 'Hourly sales', true],
    ['cashier-performance', 'Cashier performance', true],
    ['basket-affinity', 'Basket affinity', true],
  ].map(([code, name, named]) => ({ code, name, named })),
  quickActions: [
    { code: 'open', label: 'Open register', page: 'register', permission: 'sales.point-of-sale.create' },
    { code: 'parked', label: 'Parked baskets', page: 'parked' },
    { code: 'shifts', label: 'Shifts', page: 'shifts' },
    { code: 'report', label: 'Daily report', page: 'reports/daily' },
  ],
  lifecycle: { posted: ['reverse'], draft: ['cancel', 'submit'] },
  reasons: {
    reverse: [
      { code: 'wrong-item', label: 'Wrong item' },
      { code: 'customer-left', label: 'Customer left' },
      { code: 'training', label: 'Training' },
    ],
  },
};
const stub = (slug, name, summary) => ({ ...fn, code: `sales.${slug}`, slug, name, summary, quickActions: [] });
const meta = {
  modules: [
    {
      code: 'sales',
      name: 'Sales & Revenue',
      functions: [
        fn,
        stub('invoices', 'Invoices', 'Bill customers lawfully.'),
        stub('quotations', 'Quotations', 'Offer and follow up.'),
        stub('orders', 'Orders', 'Promise and deliver.'),
        stub('returns', 'Returns', 'Take goods back.'),
        stub('receivables', 'Receivables', 'Collect what is owed.'),
      ],
    },
  ],
};

const categories = ['Bakery', 'Dairy', 'Fruit & vegetables', 'Drinks', 'Household', 'Stationery', 'Coffee & tea'].map((name, n) => ({
  id: id(100 + n),
  code: name.slice(0, 3).toUpperCase(),
  name,
}));
const nouns = [
  'Sourdough loaf',
  'Whole milk 1 l',
  'Gala apples',
  'Sparkling water 0.75 l',
  'Dish soap 500 ml',
  'Notebook A5 squared',
  'Espresso beans 250 g',
  'Butter croissant',
  'Goat cheese',
  'Vine tomatoes',
  'Cloudy apple juice',
  'Kitchen roll',
  'Fineliner 0.4 black',
  'Earl Grey 50 g',
];
const items = Array.from({ length: 220 }, (_, n) => ({
  id: id(1000 + n),
  sku: `${10000 + n}`,
  name: n < 14 ? nouns[n] : `${nouns[n % 14]} no. ${Math.floor(n / 14) + 1}`,
  category: categories[n % 7],
  unit: n % 7 === 2 ? 'kg' : 'pc',
  unitDecimals: n % 7 === 2 ? 3 : 0,
  barcodes: [`590100${10000 + n}`],
  price: money(0.79 + ((n * 37) % 900) / 50),
  priceBasis: 'gross',
  taxCode: 'STD',
  tracking: n === 13 ? 'lot' : 'none',
  onHand: `${(n * 13) % 80}`,
  version: 1,
  active: n % 23 !== 0,
}));
const people = ['Ada Brandt', 'Jonas Keller', 'Mira Osei', 'Tomás Vega'];
const customers = Array.from({ length: 40 }, (_, n) => ({
  id: id(3000 + n),
  number: `C-${1000 + n}`,
  name: `${pick(['Lena', 'Omar', 'Ines', 'Paul', 'Sofia', 'Noah'])} ${pick(['Fischer', 'Haddad', 'Costa', 'Lind', 'Novak', 'Sato'])}`,
  phone: `+49 151 55${1000 + n}`,
  kind: 'customer',
  active: true,
  version: 1,
}));
const sales = Array.from({ length: 640 }, (_, n) => {
  const total = 4 + random() * 90;
  return {
    id: id(5000 + n),
    number: `${branches[n % 3].code}-T1-${String(24640 - n).padStart(6, '0')}`,
    businessDate: day(Math.floor(n / 8)),
    status: n % 37 === 5 ? 'reversed' : n % 41 === 9 ? 'draft' : 'posted',
    branch: branches[n % 3].name,
    terminal: 'T1',
    party: n % 3 === 0 ? customers[n % 40].name : undefined,
    cashier: people[n % 4],
    net: money(total / 1.2),
    tax: money(total - total / 1.2),
    total: money(total),
    items: `${1 + (n % 9)}`,
    kind: 'sale',
    version: 1,
  };
});
const wave = (n) => 4200 + 1500 * Math.sin((n / 7) * 2 * Math.PI) + 500 * Math.sin(n / 11) + random() * 600;
const spark = () => Array.from({ length: 14 }, (_, n) => Math.round(wave(n)));
const exceptions = [
  ['POS_CASH_VARIANCE', 'high', 'Shift HQ-S-0412 is short by 14.20 of 1,254.35 taken.', 0],
  ['POS_RECEIPT_GAP', 'high', 'Receipt HQ-T1-024102 is missing between 024101 and 024103.', 1],
  ['POS_NEGATIVE_STOCK', 'medium', 'Gala apples were sold below zero: -2.350 kg at Main Street.', 2],
  ['POS_NO_SALE_OPENINGS', 'medium', 'The drawer of T2 was opened 7 times without a sale.', 3],
  ['POS_OFFLINE_PRICE_DIFF', 'low', 'Sourdough loaf sold at 4.20 offline, the price is 4.40.', 4],
].map(([rule, severity, message, n]) => ({
  id: id(7000 + n),
  rule,
  severity,
  message,
  function: fn.code,
  document: { id: sales[n].id, number: sales[n].number },
  branch: branches[n % 3].name,
  raisedAt: new Date(Date.now() - (n * 5 + 1) * 36e5).toISOString(),
  state: 'open',
}));
const approvals = [0, 1, 2].map((n) => ({
  id: id(8000 + n),
  document: {
    id: sales[n + 9].id,
    number: sales[n + 9].number,
    function: fn.code,
    kind: 'sale',
    total: sales[n + 9].total,
    currency: 'EUR',
  },
  action: ['reverse', 'discount', 'override-price'][n],
  rule: ['reversal-after-tender', 'discount-authority', 'price-authority'][n],
  level: 1,
  levels: n === 1 ? 2 : 1,
  role: 'store-manager',
  requestedBy: people[n],
  requestedAt: new Date(Date.now() - (n + 1) * 5.4e6).toISOString(),
  ageMinutes: 90 * (n + 1),
  escalatesAt: new Date(Date.now() + 864e5).toISOString(),
  nextRole: 'administrator',
  mayDecide: n !== 2,
  version: 1,
}));
const timeline = sales
  .slice(0, 8)
  .map((sale, n) => ({
    at: new Date(Date.now() - n * 9e5).toISOString(),
    user: sale.cashier,
    text: `sold for ${sale.total}`,
    number: sale.number,
    documentId: sale.id,
    function: fn.code,
    branch: sale.branch,
  }));
const dashboard = () => ({
  period: { from: day(29), to: day(0) },
  kpis: [
    ['netSales', 'Net sales', 'money', '128412.55', '119208.10', 0.0772, 'up'],
    ['transactions', 'Transactions', 'integer', 5840, 5602, 0.0425, 'up'],
    ['averageBasket', 'Average basket', 'money', '21.99', '21.28', 0.0334, 'up'],
    ['margin', 'Margin', 'rate', '0.3412', '0.3478', -0.019, 'up'],
    ['discountRate', 'Discount rate', 'rate', '0.0214', '0.0188', 0.1383, 'down'],
    ['reversals', 'Reversals', 'rate', '0.0062', '0.0071', -0.1268, 'down'],
    ['variance', 'Cash variance per 1,000', 'money', '0.42', '0.38', 0.1053, 'down'],
    ['duration', 'Median seconds a sale', 'integer', 31, 31, 0, 'down'],
  ].map(([key, label, type, value, previous, changeRate, better]) => ({
    key,
    label,
    type,
    value,
    previous,
    changeRate: String(changeRate),
    better,
    spark: spark(),
    drill: { page: 'list', query: { status: 'posted' } },
  })),
  queue: approvals
    .slice(0, 2)
    .map((item) => ({
      id: item.id,
      number: item.document.number,
      what: `waits: ${item.action}`,
      amount: item.document.total,
      ageMinutes: item.ageMinutes,
      page: `/approvals?open=${item.id}`,
    })),
  exceptions: { high: 2, medium: 2, low: 1, top: exceptions },
  timeline,
  quickActions: fn.quickActions,
});
const shift = {
  id: id(9000),
  number: 'HQ-S-0413',
  openedAt: new Date(Date.now() - 15e6).toISOString(),
  openedBy: { userName: 'manager', name: 'Ada Brandt' },
  float: '200.00',
  terminal: { code: 'T1', name: 'Till 1' },
  state: 'open',
  version: 1,
  tenders: [{ method: 'CASH' }, { method: 'CARD' }],
};
let openShift = shift;
const parked = [
  { id: id(9100), label: 'Lady with the dog', total: '23.40', parkedAt: new Date(Date.now() - 12e5).toISOString(), parkedBy: 'Ada Brandt' },
];
const terminals = () => [
  { id: id(50), code: 'T1', name: 'Till 1', branch: 'HQ', shift: openShift },
  { id: id(51), code: 'T2', name: 'Till 2', branch: 'HQ' },
];
const session = {
  user: { id: id(20), userName: 'manager', name: 'Ada Brandt' },
  roles: ['store-manager'],
  permissions: ['*'],
  branches,
  branch: branches[0],
  company: { name: 'Harbour & Field Stores', currency: 'EUR', exponent: 2 },
  csrfToken: 'x',
  version: '0.1.0',
  environment: 'development',
};
let signedIn = process.env.SIGNED_OUT !== '1';

function calculate(body) {
  const lines = body.lines.map((line) => {
    const item = items.find(
      (candidate) => candidate.id === line.itemId || candidate.sku === line.sku || candidate.barcodes.includes(line.barcode),
    );
    const unitPrice = line.unitPrice ?? item.price;
    const amount = Math.round(line.quantity * unitPrice * 100) / 100;
    const discount = Math.round(amount * Number(line.discountRate ?? 0) * 100) / 100 + Number(line.discountAmount ?? 0);
    return {
      lineId: line.lineId,
      sku: item.sku,
      name: item.name,
      quantity: line.quantity,
      listPrice: item.price,
      unitPrice,
      amount: money(amount),
      discount: money(discount),
      net: money((amount - discount) / 1.2),
      tax: money(amount - discount - (amount - discount) / 1.2),
      total: money(amount - discount),
    };
  });
  const gross = lines.reduce((sum, line) => sum + Number(line.total), 0);
  const off = Math.round(gross * Number(body.discountRate ?? 0) * 100) / 100 + Number(body.discountAmount ?? 0);
  const total = gross - off;
  const other = body.tenders.filter((tender) => tender.method !== 'CASH').reduce((sum, tender) => sum + Number(tender.amount ?? 0), 0);
  const cash = body.tenders.filter((tender) => tender.method === 'CASH');
  const due = Math.round((total - other) * 20) / 20;
  const given = cash.reduce((sum, tender) => sum + Number(tender.tendered ?? due), 0);
  const needs =
    body.lines.some((line) => line.unitPrice !== undefined) ||
    Number(body.discountRate ?? 0) > 0.05 ||
    body.lines.some((line) => Number(line.discountRate ?? 0) > 0.05);
  return {
    lines,
    taxes: [],
    net: money(total / 1.2),
    tax: money(total - total / 1.2),
    discount: money(off + lines.reduce((sum, line) => sum + Number(line.discount), 0)),
    total: money(total),
    payable: money(total),
    cashDue: cash.length ? money(due) : undefined,
    rounding: cash.length ? money(due - (total - other)) : '0.00',
    change: money(cash.length ? Math.max(0, given - due) : 0),
    needsApproval:
      needs && !body.approval
        ? { reason: 'Discount above 5 %', permission: 'sales.point-of-sale.discount', roles: ['store-manager'] }
        : undefined,
    refusals: [],
  };
}
let receipt = 24641;
const done = new Map();

const reportRows = (query) =>
  Array.from({ length: query.get('groupBy') ? 3 : 14 }, (_, n) => ({
    key: `${n}`,
    cells: {
      date: day(13 - n),
      group: branches[n % 3].name,
      transactions: 180 + n * 3,
      gross: money(wave(n) * 1.05),
      discounts: money(wave(n) * 0.05),
      net: money(wave(n)),
      tax: money(wave(n) * 0.18),
    },
    drill: { from: day(13 - n), to: day(13 - n) },
  }));
const detail = (sale) => ({
  ...sale,
  function: fn.code,
  currency: 'EUR',
  createdAt: new Date().toISOString(),
  createdBy: sale.cashier,
  sections: [
    {
      title: 'Sale',
      fields: [
        { label: 'Terminal', value: 'Till 1', type: 'text' },
        { label: 'Shift', value: 'HQ-S-0413', type: 'text' },
        { label: 'Cashier', value: sale.cashier, type: 'user' },
        { label: 'Customer', value: sale.party, type: 'party' },
      ],
    },
    {
      title: 'Amounts',
      fields: [
        { label: 'Net', value: sale.net, type: 'money' },
        { label: 'Tax', value: sale.tax, type: 'money' },
        { label: 'Rounding', value: '-0.01', type: 'money' },
        { label: 'Total', value: sale.total, type: 'money' },
      ],
    },
  ],
  tables: [
    {
      key: 'lines',
      title: 'Lines',
      columns: [
        col('sku', 'Item', 'text'),
        col('name', 'Name', 'text'),
        col('quantity', 'Quantity', 'quantity'),
        col('unitPrice', 'Price', 'price'),
        col('discount', 'Discount', 'money'),
        col('total', 'Total', 'money'),
      ],
      rows: items
        .slice(3, 7)
        .map((item, n) => ({
          sku: item.sku,
          name: item.name,
          quantity: `${n + 1}.000000`,
          unitPrice: item.price,
          discount: n === 1 ? '-0.50' : '0.00',
          total: money((n + 1) * item.price),
        })),
    },
    {
      key: 'tenders',
      title: 'Payment',
      columns: [col('method', 'Method', 'text'), col('amount', 'Amount', 'money'), col('tendered', 'Tendered', 'money')],
      rows: [{ method: 'Cash', amount: sale.total, tendered: '50.00' }],
    },
  ],
  actions: sale.status === 'posted' ? ['reverse'] : [],
  data: { terminalId: 'T1' },
});
const entries = (sale) => [
  {
    id: id(1),
    businessDate: sale.businessDate,
    postedAt: new Date().toISOString(),
    entries: [
      { account: '1000', accountName: 'Cash drawer', subject: 'T1', unit: 'EUR', debit: sale.total },
      { account: '4000', accountName: 'Sales revenue', subject: 'Bakery', unit: 'EUR', credit: sale.net },
      { account: '2200', accountName: 'Output tax', subject: 'STD', unit: 'EUR', credit: sale.tax },
      { account: '5000', accountName: 'Cost of sales', unit: 'EUR', debit: '11.20' },
      { account: '1400', accountName: 'Inventory', unit: 'EUR', credit: '11.20' },
    ],
  },
];
const page = (list, query) => {
  const limit = Number(query.get('limit') ?? 50);
  const from = Number(query.get('after') ?? 0);
  return { items: list.slice(from, from + limit), next: from + limit < list.length ? String(from + limit) : undefined, total: list.length };
};
const roles = ['cashier', 'sales', 'store-manager', 'accountant', 'auditor', 'administrator'].map((code, n) => ({
  id: id(400 + n),
  code,
  name: code.replace('-', ' ').replace(/^./, (c) => c.toUpperCase()),
  permissions: ['sales.point-of-sale.view', 'sales.point-of-sale.create'],
  version: 1,
}));
const permissions = meta.modules[0].functions.flatMap((item) =>
  ['view', 'create', 'edit', 'submit', 'approve', 'reverse', 'export', 'override-price', 'view-cost'].map((action) => ({
    code: `${item.code}.${action}`,
    name: '',
  })),
);
const master = {
  '/organisation/branches': branches.map((b) => ({ ...b, active: true, version: 1 })),
  '/organisation/terminals': terminals(),
  '/organisation/warehouses': branches.map((b) => ({
    id: b.id,
    code: `${b.code}-W`,
    name: `${b.name} store`,
    branch: b.code,
    active: true,
  })),
  '/catalogue/items': items,
  '/catalogue/categories': categories,
  '/catalogue/units': [
    { id: id(1), code: 'pc', name: 'Piece', decimals: 0 },
    { id: id(2), code: 'kg', name: 'Kilogram', decimals: 3 },
  ],
  '/catalogue/tax-codes': [{ id: id(1), code: 'STD', name: 'Standard', rate: '0.2', active: true }],
  '/catalogue/price-lists': [{ id: id(1), code: 'BASE', name: 'Base prices', currency: 'EUR', basis: 'gross', active: true }],
  '/parties': customers,
  '/payments/methods': [{ id: id(1), code: 'CASH', name: 'Cash', type: 'cash', overTender: true, active: true }],
  '/users': people.map((name, n) => ({
    id: id(20 + n),
    userName: name.split(' ')[0].toLowerCase(),
    name,
    roles: [{ role: 'cashier', branchId: id(1) }],
    active: true,
    version: 1,
  })),
  '/roles': roles,
  
  '/tokens': [{ id: id(1), name: 'Web shop', user: 'Ada Brandt', createdAt: new Date().toISOString() }],
  '/targets': [],
  '/ledger/accounts': [
    ['1000', 'Cash drawer', '4210.55'],
    ['1200', 'Card clearing', '18200.10'],
    ['1400', 'Inventory', '88120.00'],
    ['4000', 'Sales revenue', '-128412.55'],
    ['2200', 'Output tax', '-22118.10'],
  ].map(([code, name, balance], n) => ({ id: id(n), code, name, type: 'asset', balance })),
  '/ledger/periods': [0, 1, 2].map((n) => ({
    id: id(n),
    name: `2026-${String(11 - n).padStart(2, '0')}`,
    from: `2026-${11 - n}-01`,
    to: `2026-${11 - n}-30`,
    state: n ? 'closed' : 'open',
  })),
  '/ledger/trial-balance': [
    ['1000', 'Cash drawer', '4210.55'],
    ['4000', 'Sales revenue', '-4210.55'],
  ].map(([code, name, balance]) => ({ code, name, balance })),
};

function answer(method, path, query, body, key) {
  const p = path.replace('/api/v1', '');
  const till = p.replace('/sales/point-of-sale', '');
  if (p === '/session') {
    if (method === 'DELETE') signedIn = false;
    if (method === 'POST') {
      if (body.password === 'wrong') return [401, { title: 'Sign-in failed', code: 'SIGN_IN_FAILED' }];
      if (body.userName === 'totp' && !body.code) return [401, { title: 'Code required', code: 'SIGN_IN_CODE_REQUIRED' }];
      signedIn = true;
    }
    return signedIn ? [200, session] : [401, { title: 'Sign in', code: 'SIGN_IN_REQUIRED' }];
  }
  if (p === '/meta') return [200, meta];
  if (p === '/operations/dashboard/summary' || p.endsWith('/dashboard')) return [200, dashboard()];
  if (p === '/operations/dashboard/alerts') return [200, { items: exceptions }];
  if (p === '/operations/dashboard/trends')
    return [
      200,
      {
        series: [
          ['netSales', 'Net sales', 'money'],
          ['transactions', 'Transactions', 'integer'],
        ].map(([k, label, type]) => ({
          key: k,
          label,
          type,
          points: Array.from({ length: 30 }, (_, n) => ({ date: day(29 - n), value: Math.round(wave(n)) })),
        })),
      },
    ];
  if (p === '/approvals') return [200, { items: approvals }];
  if (p === '/exceptions') return [200, { items: exceptions, total: exceptions.length }];
  if (p === '/activity') return [200, { items: timeline }];
  if (p === '/audit')
    return [
      200,
      {
        items: timeline.map((item, n) => ({
          id: id(n),
          at: item.at,
          user: item.user,
          action: 'sales.point-of-sale.checkout',
          object: item.number,
          diff: [{ path: 'status', before: 'draft', after: 'posted' }],
        })),
      },
    ];
  if (p === '/search')
    return [
      200,
      {
        items: sales
          .filter((s) => s.number.includes(query.get('q').toUpperCase()))
          .slice(0, 6)
          .map((s) => ({
            kind: fn.code,
            id: s.id,
            title: s.number,
            subtitle: `${s.branch} · ${s.total}`,
            page: `/sales/point-of-sale/${s.id}`,
          })),
      },
    ];
  if (p === '/permissions') return [200, { roles, permissions: permissions.map((item) => ({ permission: item.code, label: item.code.split('.').at(-1), sensitive: false, roles: ['store-manager', 'administrator'] })) }];
  if (p === '/ledger/trial-balance') return [200, { at: day(0), lines: [['1000', 'Cash drawer', '4210.55', undefined], ['4000', 'Sales revenue', undefined, '4210.55']].map(([account, name, debit, credit]) => ({ account, name, unit: 'EUR', balance: '0', debit, credit })), totals: [{ unit: 'EUR', debit: '4210.55', credit: '4210.55' }] }];
  if (master[p])
    return [
      200,
      page(
        master[p].filter((row) => !query.get('q') || JSON.stringify(row).toLowerCase().includes(query.get('q').toLowerCase())),
        query,
      ),
    ];
  if (p.startsWith('/ledger/accounts/'))
    return [
      200,
      {
        items: sales
          .slice(0, 10)
          .map((s) => ({
            id: s.id,
            businessDate: s.businessDate,
            document: { id: s.id, number: s.number, function: fn.code },
            debit: s.total,
          })),
      },
    ];
  if (p.startsWith('/sales/') && !p.startsWith('/sales/point-of-sale')) return [200, { items: [] }];
  if (till === '/register')
    return [
      200,
      {
        terminal: terminals()[0],
        profile: { basis: 'gross', currency: 'EUR', exponent: 2 },
        shift: openShift,
        methods: [
          {
            code: 'CASH',
            name: 'Cash',
            type: 'cash',
            overTender: true,
            needsReference: false,
            roundingStep: '0.05',
            denominations: [
              '500.00',
              '200.00',
              '100.00',
              '50.00',
              '20.00',
              '10.00',
              '5.00',
              '2.00',
              '1.00',
              '0.50',
              '0.20',
              '0.10',
              '0.05',
            ],
          },
          { code: 'CARD', name: 'Card', type: 'card', needsReference: false },
          { code: 'VOUCHER', name: 'Gift card', type: 'voucher', needsReference: true },
        ],
        parked: parked.length,
        reasons: {
          override: [
            { code: 'damaged', label: 'Damaged' },
            { code: 'match', label: 'Match a price' },
          ],
          paidOut: [{ code: 'petty', label: 'Petty cash' }],
          reverse: [],
        },
      },
    ];
  if (till === '/terminals') return [200, { items: terminals() }];
  if (till === '/catalogue') {
    const barcode = query.get('barcode');
    const found = barcode
      ? items.filter((item) => item.barcodes.includes(barcode))
      : query.get('q')
        ? items.filter((item) => item.name.toLowerCase().includes(query.get('q').toLowerCase()))
        : items;
    return [200, { ...page(found, query), stamp: '1' }];
  }
  if (till === '/customers')
    return [200, { items: customers.filter((c) => JSON.stringify(c).toLowerCase().includes(query.get('q').toLowerCase())).slice(0, 8) }];
  if (till === '/preview') return [200, calculate(body), 60];
  if (till === '/checkout') {
    if (done.has(key)) return [201, done.get(key)];
    const sums = calculate(body);
    const result = {
      id: body.id,
      number: `HQ-T1-${String(receipt++).padStart(6, '0')}`,
      status: 'posted',
      net: sums.net,
      tax: sums.tax,
      total: sums.total,
      rounding: sums.rounding,
      change: sums.change,
    };
    done.set(key, result);
    return [201, result];
  }
  if (till === '/authorise')
    return body.password === 'wrong'
      ? [401, { title: 'Not recognised', detail: 'User name or password is not right.', code: 'SIGN_IN_FAILED' }]
      : [200, { token: 'tok', by: { userName: body.userName, name: 'Mira Osei' }, expiresAt: new Date().toISOString() }];
  if (till === '/park')
    return (
      parked.push({ id: body.id, label: body.label, total: calculate(body).total, parkedAt: new Date().toISOString(), body }),
      [201, { id: body.id }]
    );
  if (till === '/parked') return [200, { items: parked }];
  if (till.endsWith('/resume'))
    return [
      200,
      {
        terminalId: 'T1',
        lines: [
          { sku: '10003', quantity: '2' },
          { sku: '10004', quantity: '1' },
        ],
        tenders: [],
      },
    ];
  if (till === '/shifts')
    return [
      200,
      {
        items: [
          shift,
          ...[1, 2, 3].map((n) => ({
            ...shift,
            id: id(9000 + n),
            number: `HQ-S-04${13 - n}`,
            state: 'closed',
            closedAt: new Date().toISOString(),
          })),
        ],
      },
    ];
  if (till.endsWith('/open')) return ((openShift = shift), [200, shift]);
  if (till.endsWith('/count-old'))
    return [
      200,
      {
        tenders: [
          { method: 'CASH', name: 'Cash', expected: '479.35', counted: '477.35', variance: '-2.00' },
          { method: 'CARD', name: 'Card', expected: '812.10', counted: '812.10', variance: '0.00' },
        ],
        variance: '-2.00',
      },
    ];
  if (till.endsWith('/count')) return [200, { ...shift, state: 'counted', tenders: [{ method: 'CASH', name: 'Cash', hasMovement: true, expected: '479.35', counted: '477.35', variance: '-2.00' }, { method: 'CARD', name: 'Card', hasMovement: true, expected: '812.10', counted: '812.10', variance: '0.00' }] }];
  if (till.endsWith('/close')) return [200, { id: id(9200), number: 'CLOSE-2026-1', status: 'posted' }];
  if (/\/shifts\/[^/]+\/report$/.test(till)) return [200, { kind: 'x', shift, sales: 43, reversals: 1, gross: '1254.35', discounts: '32.10', net: '1018.54', tax: '203.71', total: '1222.25', rounding: '-0.04', taxes: [{ code: 'STD', component: 'VAT', rate: '0.2', base: '1018.54', amount: '203.71' }], tenders: [{ method: 'CASH', name: 'Cash', expected: '479.35' }, { method: 'CARD', name: 'Card', expected: '812.10' }], float: '200.00', paidIn: '0.00', paidOut: '30.00', drops: '900.00', noSaleOpenings: 1, overrides: 2, firstReceipt: 'HQ-T1-024598', lastReceipt: 'HQ-T1-024640', gaps: [], madeAt: new Date().toISOString() }];
  if (/^\/shifts\/[^/]+$/.test(till)) return [200, shift];
  if (till === '/reports') return [200, { items: fn.reports }];
  if (till.startsWith('/reports/'))
    return [
      200,
      {
        report: 'daily',
        title: 'Daily sales',
        columns: [
          query.get('groupBy') ? col('group', 'Branch', 'branch') : col('date', 'Day', 'date'),
          col('transactions', 'Transactions', 'integer'),
          col('gross', 'Gross sales', 'money'),
          col('discounts', 'Discounts', 'money'),
          col('net', 'Net sales', 'money'),
          col('tax', 'Tax', 'money'),
        ],
        rows: reportRows(query),
        totals: { transactions: 2793, gross: '61740.10', discounts: '2940.01', net: '58800.09', tax: '10584.02' },
        compare: query.get('compare') ? { rows: reportRows(query) } : undefined,
      },
    ];
  if (till === '/analytics/trend')
    return [
      200,
      {
        measure: 'netSales',
        type: 'money',
        points: Array.from({ length: 90 }, (_, n) => ({
          date: day(89 - n),
          value: Math.round(wave(n)),
          average: 4200,
          ...(n === 40 || n === 71 ? { anomaly: { score: 3.4, reason: 'Street festival: 58 % above the usual Saturday.' } } : {}),
        })),
        compare: query.get('compare')
          ? Array.from({ length: 90 }, (_, n) => ({ date: day(179 - n), value: Math.round(wave(n) * 0.9) }))
          : undefined,
        weekday: [0.82, 0.85, 0.91, 0.98, 1.22, 1.41, 0.81],
        sentence: 'Net sales rose by 7.7 % against the 90 days before; Fridays and Saturdays carry two fifths of the week.',
      },
    ];
  if (till === '/analytics/variance')
    return [
      200,
      {
        cards: [
          {
            key: 'netSales',
            label: 'Net sales',
            actual: '128412.55',
            target: '125000.00',
            baseline: '119208.10',
            varianceToTarget: '3412.55',
            varianceToBaseline: '9204.45',
            volumeEffect: '6120.20',
            priceEffect: '4011.00',
            mixEffect: '-926.75',
            type: 'money',
          },
          {
            key: 'discounts',
            label: 'Discounts',
            actual: '2748.00',
            target: '2500.00',
            baseline: '2241.10',
            varianceToTarget: '248.00',
            varianceToBaseline: '506.90',
            type: 'money',
          },
          { key: 'transactions', label: 'Transactions', actual: 5840, baseline: 5602, varianceToBaseline: 238, type: 'integer' },
        ],
      },
    ];
  if (till === '/analytics/heatmap')
    return [
      200,
      {
        rows: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
        columns: Array.from({ length: 13 }, (_, n) => `${8 + n}`),
        cells: Array.from({ length: 7 }, (_, r) =>
          Array.from({ length: 13 }, (_, c) => Math.round(random() * 3 * (r > 3 ? 3 : 1) * (c > 8 ? 2 : 1))),
        ),
        gini: 0.41,
        paretoShare: 0.63,
        sentence: 'Two thirds of the exceptions fall on Friday and Saturday evenings.',
      },
    ];
  if (till === '/analytics/forecast')
    return [
      200,
      {
        history: Array.from({ length: 60 }, (_, n) => ({ date: day(60 - n), value: Math.round(wave(n)) })),
        points: Array.from({ length: 14 }, (_, n) => ({
          date: day(-n),
          value: Math.round(wave(n)),
          low80: Math.round(wave(n) * 0.88),
          high80: Math.round(wave(n) * 1.12),
          low95: Math.round(wave(n) * 0.8),
          high95: Math.round(wave(n) * 1.2),
        })),
        model: 'Holt-Winters, weekly',
        smape: 0.083,
        mase: 0.71,
        sentence: 'Expect 59,300 in the next 14 days, about 4 % more than in the last 14.',
      },
    ];
  const parts = till.split('/');
  const sale = sales.find((item) => item.id === parts[1]) ?? { ...sales[0], id: parts[1] };
  if (till === '' || till === '/')
    return [
      200,
      page(
        sales.filter(
          (s) => (!query.get('status') || s.status === query.get('status')) && (!query.get('q') || s.number.includes(query.get('q'))),
        ),
        query,
      ),
    ];
  if (parts[2] === 'timeline')
    return [
      200,
      {
        items: [
          {
            at: new Date(Date.now() - 9e5).toISOString(),
            user: sale.cashier,
            action: 'checkout',
            from: 'draft',
            to: 'posted',
            diff: [
              { path: 'status', before: 'draft', after: 'posted' },
              { path: 'total', before: null, after: sale.total },
            ],
          },
          { at: new Date().toISOString(), user: 'Mira Osei', action: 'reprint', reason: 'customer-asked' },
        ],
      },
    ];
  if (parts[2] === 'entries') return [200, { transactions: entries(sale) }];
  if (parts[2] === 'related')
    return [
      200,
      {
        nodes: [
          { ...sale, function: fn.code },
          { ...sales[20], function: 'sales.returns', kind: 'return', number: 'RT-000212' },
          { ...sales[21], function: 'sales.quotations', kind: 'quotation', number: 'QU-000881' },
        ],
        edges: [
          { from: sale.id, to: sales[20].id, relation: 'returned-by' },
          { from: sales[21].id, to: sale.id, relation: 'converted-to' },
        ],
      },
    ];
  if (parts[2] === 'receipt')
    return [
      'html',
      `<html><body style="width:72mm;font:13px monospace;padding:4mm"><h3 style="text-align:center">Harbour &amp; Field</h3><p>${sale.number}</p><hr>Sourdough loaf 4.20<br>Total <b>${sale.total}</b></body></html>`,
    ];
  if (method === 'POST') return [200, { ...detail(sale), status: 'reversed', actions: [] }];
  return [200, detail(sale)];
}

const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html', '.woff2': 'font/woff2' };
createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.startsWith('/api/')) {
    const file = join(dist, url.pathname);
    const found = url.pathname !== '/' && existsSync(file) ? file : join(dist, 'index.html');
    response.writeHead(200, { 'content-type': types[extname(found)] ?? 'application/octet-stream' });
    response.end(readFileSync(found));
    return;
  }
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    try {
      const [status, body, wait = 0] = answer(
        request.method,
        url.pathname,
        url.searchParams,
        text ? JSON.parse(text) : {},
        request.headers['idempotency-key'],
      );
      setTimeout(() => {
        response.writeHead(status === 'html' ? 200 : status, {
          'content-type': status === 'html' ? 'text/html' : status >= 400 ? 'application/problem+json' : 'application/json',
        });
        response.end(status === 'html' ? body : JSON.stringify(body));
      }, wait);
    } catch (error) {
      response
        .writeHead(500, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ title: 'Mock broke', detail: String(error), code: 'MOCK' }));
    }
  });
}).listen(Number(process.env.PORT ?? 5080), '127.0.0.1', () => console.log('mock ready'));
