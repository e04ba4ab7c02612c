import { adminText } from '@/messages';

export type FieldKind = 'text' | 'number' | 'rate' | 'boolean' | 'choice' | 'reference' | 'list' | 'date' | 'password';

export interface ResourceField {
  key: string;
  label: string;
  kind: FieldKind;
  required?: boolean;
  /** Only given when the record is made; not changed afterwards. */
  fixed?: boolean;
  choices?: string[];
  /** Master data to choose from, and what of it is sent: its code or its id. */
  from?: { path: string; value: 'code' | 'id' };
  hint?: string;
  inTable?: boolean;
}

export interface AdminPage {
  slug: string;
  group: keyof typeof adminText.groups;
  title: string;
  singular: string;
  /** Master data path; pages without one are made by hand. */
  path?: string;
  fields?: ResourceField[];
}

const label = adminText.fields;
const code: ResourceField = { key: 'code', label: label.code, kind: 'text', required: true, fixed: true };
const name: ResourceField = { key: 'name', label: label.name, kind: 'text', required: true };
const active: ResourceField = { key: 'active', label: label.active, kind: 'boolean' };
const branch: ResourceField = {
  key: 'branch',
  label: label.branch,
  kind: 'reference',
  from: { path: '/organisation/branches', value: 'code' },
  required: true,
};

/** Every administration page: the plain ones are drawn from this list, the others have a page of their own. */
export const adminPages: AdminPage[] = [
  {
    slug: 'branches',
    group: 'organisation',
    title: 'Branches',
    singular: 'Branch',
    path: '/organisation/branches',
    fields: [
      code,
      name,
      { key: 'timeZone', label: label.timeZone, kind: 'text', required: true, hint: 'Europe/Berlin' },
      { key: 'address', label: label.address, kind: 'text' },
      active,
    ],
  },
  {
    slug: 'warehouses',
    group: 'organisation',
    title: 'Warehouses',
    singular: 'Warehouse',
    path: '/organisation/warehouses',
    fields: [code, name, branch, active],
  },
  {
    slug: 'terminals',
    group: 'organisation',
    title: 'Terminals',
    singular: 'Terminal',
    path: '/organisation/terminals',
    fields: [
      code,
      name,
      branch,
      { key: 'warehouse', label: label.warehouse, kind: 'reference', from: { path: '/organisation/warehouses', value: 'code' } },
      active,
    ],
  },
  {
    slug: 'items',
    group: 'catalogue',
    title: 'Items',
    singular: 'Item',
    path: '/catalogue/items',
    fields: [
      { key: 'sku', label: label.sku, kind: 'text', required: true, fixed: true },
      name,
      { key: 'category', label: label.category, kind: 'reference', from: { path: '/catalogue/categories', value: 'code' }, required: true },
      { key: 'unit', label: label.unit, kind: 'reference', from: { path: '/catalogue/units', value: 'code' }, required: true },
      { key: 'taxCode', label: label.taxCode, kind: 'reference', from: { path: '/catalogue/tax-codes', value: 'code' }, required: true },
      { key: 'tracking', label: label.tracking, kind: 'choice', choices: ['none', 'lot', 'serial'] },
      { key: 'barcodes', label: label.barcodes, kind: 'list', hint: label.barcodesHint },
      active,
    ],
  },
  {
    slug: 'categories',
    group: 'catalogue',
    title: 'Categories',
    singular: 'Category',
    path: '/catalogue/categories',
    fields: [code, name, { key: 'parent', label: label.parent, kind: 'reference', from: { path: '/catalogue/categories', value: 'code' } }],
  },
  {
    slug: 'units',
    group: 'catalogue',
    title: 'Units',
    singular: 'Unit',
    path: '/catalogue/units',
    fields: [code, name, { key: 'decimals', label: label.decimals, kind: 'number' }],
  },
  {
    slug: 'price-lists',
    group: 'catalogue',
    title: 'Price lists',
    singular: 'Price list',
    path: '/catalogue/price-lists',
    fields: [
      code,
      name,
      { key: 'currency', label: label.currency, kind: 'text', required: true },
      { key: 'basis', label: label.basis, kind: 'choice', choices: ['gross', 'net'] },
      { key: 'validFrom', label: label.validFrom, kind: 'date' },
      active,
    ],
  },
  {
    slug: 'tax-codes',
    group: 'catalogue',
    title: 'Tax codes',
    singular: 'Tax code',
    path: '/catalogue/tax-codes',
    fields: [
      code,
      name,
      { key: 'rate', label: label.rate, kind: 'rate', required: true, hint: label.rateHint },
      { key: 'validFrom', label: label.validFrom, kind: 'date' },
      active,
    ],
  },
  {
    slug: 'parties',
    group: 'parties',
    title: 'Parties',
    singular: 'Party',
    path: '/parties',
    fields: [
      { key: 'number', label: label.number, kind: 'text', fixed: true },
      name,
      { key: 'kind', label: label.kind, kind: 'choice', choices: ['customer', 'supplier', 'both'] },
      { key: 'phone', label: label.phone, kind: 'text' },
      { key: 'email', label: label.email, kind: 'text' },
      { key: 'card', label: label.card, kind: 'text' },
      { key: 'taxId', label: label.taxId, kind: 'text' },
      active,
    ],
  },
  {
    slug: 'payment-methods',
    group: 'parties',
    title: 'Payment methods',
    singular: 'Payment method',
    path: '/payments/methods',
    fields: [
      code,
      name,
      {
        key: 'type',
        label: label.type,
        kind: 'choice',
        choices: ['cash', 'card', 'voucher', 'points', 'account', 'bank', 'other'],
        required: true,
      },
      { key: 'needsReference', label: label.needsReference, kind: 'boolean' },
      { key: 'overTender', label: label.overTender, kind: 'boolean' },
      { key: 'roundingStep', label: label.roundingStep, kind: 'number' },
      { key: 'roundingMode', label: label.roundingMode, kind: 'choice', choices: ['half', 'down', 'up'] },
      active,
    ],
  },
  { slug: 'users', group: 'access', title: 'Users', singular: 'User' },
  { slug: 'roles', group: 'access', title: 'Roles and permissions', singular: 'Role' },
  { slug: 'tokens', group: 'access', title: 'API tokens', singular: 'Token' },
  { slug: 'accounts', group: 'ledger', title: 'Ledger accounts', singular: 'Account' },
  { slug: 'trial-balance', group: 'ledger', title: 'Trial balance', singular: 'Trial balance' },
  { slug: 'periods', group: 'ledger', title: 'Periods', singular: 'Period' },
  {
    slug: 'targets',
    group: 'ledger',
    title: 'Targets',
    singular: 'Target',
    path: '/targets',
    fields: [
      { key: 'function', label: label.function, kind: 'text', required: true, hint: 'sales.point-of-sale' },
      { key: 'measure', label: label.measure, kind: 'text', required: true },
      { ...branch, required: false },
      { key: 'from', label: label.from, kind: 'date', required: true },
      { key: 'to', label: label.to, kind: 'date', required: true },
      { key: 'value', label: label.value, kind: 'number', required: true },
    ],
  },
];

export const adminCrumb = { label: adminText.title, to: '/admin' };
