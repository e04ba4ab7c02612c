import type { Row } from '@/api';
import { adminText } from '@/messages';
import { approvalRuleForm } from './approvalRules';
import { taxCodeForm } from './taxCodes';

export type FieldKind =
  | 'text'
  | 'number'
  | 'integer'
  | 'rate'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'reference'
  | 'function'
  | 'measure'
  | 'documentKind'
  | 'figure'
  | 'series'
  | 'role'
  | 'chain'
  | 'list'
  | 'date'
  | 'instant'
  | 'password';

export interface ResourceField {
  key: string;
  label: string;
  kind: FieldKind;
  required?: boolean;
  /** Only given when the record is made; not changed afterwards. */
  fixed?: boolean;
  /** What an empty choice means, such as all branches. */
  none?: string;
  choices?: string[];
  /** What a choice is called, where its code does not say it. */
  names?: Record<string, string>;
  /** What a new record starts with. */
  initial?: string | boolean;
  /** Master data to choose from, and what of it is sent: its code or its id. */
  from?: { path: string; value: 'code' | 'id' | 'sku' | 'role' };
  hint?: string;
  inTable?: boolean;
}

/** Turns a record into the values of its form and back, where the two differ in shape. */
export interface ResourceForm {
  show: (row: Row) => Row;
  send: (body: Row, before: Row | undefined) => Row;
}

export interface AdminPage {
  slug: string;
  group: keyof typeof adminText.groups;
  title: string;
  singular: string;
  permission: string;
  /** Master data path; pages without one are made by hand. */
  path?: string;
  fields?: ResourceField[];
  form?: ResourceForm;
  /** Records are set whole: with POST to the list, or with PUT to the address of each; never changed in part. */
  whole?: 'post' | 'put';
  /** There is but one, under this id; it is changed, never added to. */
  single?: string;
  /** The member that names a record in its address. */
  key?: string;
  /** What adding and changing ask for; without it nobody can. */
  create?: string;
  update?: string;
}

const label = adminText.fields;
const code: ResourceField = { key: 'code', label: label.code, kind: 'text', required: true, fixed: true };
const name: ResourceField = { key: 'name', label: label.name, kind: 'text', required: true };
const active: ResourceField = { key: 'active', label: label.active, kind: 'boolean', initial: true };
const reference = (key: string, text: string, path: string, required = false, value: 'code' | 'id' = 'id'): ResourceField => ({
  key,
  label: text,
  kind: 'reference',
  from: { path, value },
  required,
});
const branch = reference('branchId', label.branch, '/organisation/branches', true);
const basis: ResourceField = { key: 'basis', label: label.basis, kind: 'choice', choices: ['gross', 'net'], initial: 'gross' };
const accountKinds = ['asset', 'liability', 'equity', 'income', 'expense', 'location', 'holding', 'memorandum'];
const taxCategories = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'];

const organisation: AdminPage[] = [
  {
    slug: 'company',
    group: 'organisation',
    title: 'Company',
    singular: 'Company',
    permission: 'kernel.organisation.view',
    path: '/organisation',
    single: 'company',
    fields: [
      name,
      { key: 'currency', label: label.currency, kind: 'text', required: true, hint: label.currencyHint },
      { key: 'taxRounding', label: label.taxRounding, kind: 'choice', choices: ['document', 'line'], required: true },
    ],
  },
  {
    slug: 'branches',
    group: 'organisation',
    title: 'Branches',
    singular: 'Branch',
    permission: 'kernel.organisation.view',
    path: '/organisation/branches',
    fields: [
      code,
      name,
      { key: 'timeZone', label: label.timeZone, kind: 'text', required: true, hint: 'Europe/Berlin' },
      { key: 'region', label: label.region, kind: 'text' },
      active,
    ],
  },
  {
    slug: 'warehouses',
    group: 'organisation',
    title: 'Warehouses',
    singular: 'Warehouse',
    permission: 'kernel.organisation.view',
    path: '/organisation/warehouses',
    fields: [code, name, branch, active],
  },
  {
    slug: 'terminals',
    group: 'organisation',
    title: 'Terminals',
    singular: 'Terminal',
    permission: 'kernel.organisation.view',
    path: '/organisation/terminals',
    fields: [
      code,
      name,
      branch,
      reference('warehouseId', label.warehouse, '/organisation/warehouses', true),
      basis,
      reference('priceListId', label.priceList, '/catalogue/price-lists'),
      active,
    ],
  },
];

const catalogue: AdminPage[] = [
  {
    slug: 'items',
    group: 'catalogue',
    title: 'Items',
    singular: 'Item',
    permission: 'kernel.catalogue.view',
    path: '/catalogue/items',
    fields: [
      { key: 'sku', label: label.sku, kind: 'text', required: true, fixed: true },
      name,
      reference('categoryId', label.category, '/catalogue/categories', true),
      reference('unit', label.unit, '/catalogue/units', true, 'code'),
      reference('taxCodeId', label.taxCode, '/catalogue/tax-codes', true),
      { key: 'kind', label: label.kind, kind: 'choice', choices: ['goods', 'service', 'charge'], initial: 'goods', inTable: false },
      { key: 'tracking', label: label.tracking, kind: 'choice', choices: ['none', 'lot', 'serial'], initial: 'none' },
      { key: 'valuation', label: label.valuation, kind: 'choice', choices: ['average', 'fifo'], initial: 'average', inTable: false },
      { key: 'standardCost', label: label.standardCost, kind: 'number', inTable: false, hint: label.standardCostHint },
      { key: 'barcodes', label: label.barcodes, kind: 'list', hint: label.barcodesHint },
      { key: 'sellable', label: label.sellable, kind: 'boolean', initial: true, inTable: false },
      active,
    ],
    form: {
      show: (row) => row,
      send: (body, before) => {
        const known = new Map(((before?.barcodes as { code: string }[] | undefined) ?? []).map((item) => [item.code, item]));
        return body.barcodes === undefined
          ? body
          : { ...body, barcodes: (body.barcodes as string[] | null)?.map((text) => known.get(text) ?? { code: text }) ?? [] };
      },
    },
  },
  {
    slug: 'categories',
    group: 'catalogue',
    title: 'Categories',
    singular: 'Category',
    permission: 'kernel.catalogue.view',
    path: '/catalogue/categories',
    fields: [code, name, reference('parentId', label.parent, '/catalogue/categories'), active],
  },
  {
    slug: 'units',
    group: 'catalogue',
    title: 'Units',
    singular: 'Unit',
    permission: 'kernel.catalogue.view',
    path: '/catalogue/units',
    fields: [code, name, { key: 'decimals', label: label.decimals, kind: 'integer', required: true, initial: '0' }],
  },
  {
    slug: 'price-lists',
    group: 'catalogue',
    title: 'Price lists',
    singular: 'Price list',
    permission: 'kernel.catalogue.view',
    path: '/catalogue/price-lists',
    fields: [
      code,
      name,
      { key: 'currency', label: label.currency, kind: 'text' },
      basis,
      { key: 'isBase', label: label.isBase, kind: 'boolean' },
      { ...branch, required: false },
      { key: 'channel', label: label.channel, kind: 'text', inTable: false },
      active,
    ],
  },
  {
    slug: 'prices',
    group: 'catalogue',
    title: 'Prices',
    singular: 'Price',
    permission: 'kernel.catalogue.view',
    path: '/catalogue/prices',
    fields: [
      { ...reference('itemId', label.item, '/catalogue/items', true), fixed: true },
      { ...reference('priceListId', label.priceList, '/catalogue/price-lists', true), fixed: true },
      { key: 'price', label: label.price, kind: 'number', required: true },
      { key: 'minQuantity', label: label.minQuantity, kind: 'number' },
      { key: 'validFrom', label: label.validFrom, kind: 'date' },
      { key: 'validTo', label: label.validTo, kind: 'date' },
    ],
  },
  {
    slug: 'tax-codes',
    group: 'catalogue',
    title: 'Tax codes',
    singular: 'Tax code',
    permission: 'kernel.catalogue.view',
    path: '/catalogue/tax-codes',
    fields: [
      code,
      name,
      {
        key: 'category',
        label: label.taxCategory,
        kind: 'choice',
        choices: taxCategories,
        names: adminText.taxCategories,
        initial: 'S',
        required: true,
      },
      { key: 'rate', label: label.rate, kind: 'rate', required: true, hint: label.rateHint },
      { key: 'rateFrom', label: label.validFrom, kind: 'date', required: true },
      { key: 'exemptionReason', label: label.exemptionReason, kind: 'text', inTable: false },
      active,
    ],
    form: taxCodeForm,
  },
];

const parties: AdminPage[] = [
  {
    slug: 'parties',
    group: 'parties',
    title: 'Parties',
    singular: 'Party',
    permission: 'kernel.parties.view',
    path: '/parties',
    fields: [
      { key: 'number', label: label.number, kind: 'text', fixed: true, hint: label.numberHint },
      name,
      { key: 'kind', label: label.kind, kind: 'choice', choices: ['person', 'organisation'], initial: 'person' },
      { key: 'roles', label: label.userRoles, kind: 'list', initial: 'customer', hint: label.barcodesHint },
      { key: 'phone', label: label.phone, kind: 'text' },
      { key: 'email', label: label.email, kind: 'text' },
      { key: 'card', label: label.card, kind: 'text', inTable: false },
      { key: 'taxId', label: label.taxId, kind: 'text', inTable: false },
      { key: 'country', label: label.country, kind: 'text', inTable: false },
      reference('priceListId', label.priceList, '/catalogue/price-lists'),
      { key: 'state', label: label.state, kind: 'choice', choices: ['active', 'blocked'], initial: 'active' },
    ],
  },
  {
    slug: 'customer-groups',
    group: 'parties',
    title: 'Customer groups',
    singular: 'Customer group',
    permission: 'customers.directory.configure',
    path: '/customers/directory/groups',
    fields: [code, name, active],
  },
  {
    slug: 'customer-attributes',
    group: 'parties',
    title: 'Customer attributes',
    singular: 'Customer attribute',
    permission: 'customers.directory.configure',
    path: '/customers/directory/attributes',
    fields: [
      code,
      name,
      { key: 'type', label: label.kind, kind: 'choice', choices: ['text', 'number', 'date', 'boolean', 'choice'], initial: 'text' },
      { key: 'options', label: label.options, kind: 'list', inTable: false, hint: label.barcodesHint },
      active,
    ],
  },
  {
    slug: 'payment-methods',
    group: 'parties',
    title: 'Payment methods',
    singular: 'Payment method',
    permission: 'kernel.payments.view',
    path: '/payments/methods',
    fields: [
      code,
      name,
      {
        key: 'type',
        label: label.type,
        kind: 'choice',
        choices: ['cash', 'card', 'voucher', 'points', 'account', 'bank', 'mobile', 'other'],
        required: true,
      },
      { key: 'needsReference', label: label.needsReference, kind: 'boolean' },
      { key: 'overTender', label: label.overTender, kind: 'boolean' },
      { key: 'roundingStep', label: label.roundingStep, kind: 'number', inTable: false },
      { key: 'roundingMode', label: label.roundingMode, kind: 'choice', choices: ['half', 'down', 'up'], initial: 'half', inTable: false },
      { key: 'maxAmount', label: label.maxAmount, kind: 'number', inTable: false },
      { key: 'refundPriority', label: label.refundPriority, kind: 'integer', initial: '100', inTable: false, hint: label.refundHint },
      { key: 'offline', label: label.offline, kind: 'boolean', initial: true, inTable: false },
      active,
    ],
  },
  {
    slug: 'denominations',
    group: 'parties',
    title: 'Notes and coins',
    singular: 'Currency',
    permission: 'kernel.payments.view',
    path: '/payments/denominations',
    whole: 'put',
    key: 'currency',
    fields: [
      { key: 'currency', label: label.currency, kind: 'text', required: true, fixed: true, hint: 'EUR' },
      { key: 'values', label: label.denominations, kind: 'list', required: true, hint: label.denominationsHint },
    ],
  },
];

const rules: AdminPage[] = [
  {
    slug: 'approval-rules',
    group: 'rules',
    title: 'Approval rules',
    singular: 'Approval rule',
    permission: 'kernel.rules.view',
    path: '/approval-rules',
    fields: [
      { key: 'function', label: label.function, kind: 'function', required: true },
      { key: 'kind', label: label.kind, kind: 'documentKind', none: label.all, hint: label.kindHint },
      { key: 'action', label: label.action, kind: 'choice', choices: ['submit', 'reverse'], initial: 'submit', required: true },
      { key: 'figure', label: label.figure, kind: 'figure', none: label.always, hint: label.figureHint },
      { key: 'over', label: label.over, kind: 'text', hint: label.overHint },
      { key: 'role', label: label.decides, kind: 'role', required: true },
      { key: 'level', label: label.level, kind: 'integer', initial: '1', required: true },
      { key: 'votes', label: label.votes, kind: 'choice', choices: ['any', 'all'], names: adminText.votes, initial: 'any', inTable: false },
      { key: 'escalateMinutes', label: label.escalateMinutes, kind: 'integer', initial: '240', inTable: false, hint: label.escalateHint },
      { key: 'escalateRole', label: label.escalateRole, kind: 'role', inTable: false },
      { key: 'escalateThen', label: label.escalateThen, kind: 'chain', inTable: false, hint: label.escalateThenHint },
      active,
    ],
    form: approvalRuleForm,
  },
  {
    slug: 'exception-rules',
    group: 'rules',
    title: adminText.exceptionRules.title,
    singular: 'Exception rule',
    permission: 'kernel.rules.view',
  },
  {
    slug: 'number-series',
    group: 'rules',
    title: 'Number series',
    singular: 'Number series',
    permission: 'kernel.rules.view',
    path: '/number-series',
    fields: [
      { key: 'id', label: label.series, kind: 'series' },
      { key: 'prefix', label: label.prefix, kind: 'text' },
      { key: 'lastNumber', label: label.lastNumber, kind: 'integer' },
      { key: 'digits', label: label.digits, kind: 'integer' },
    ],
  },
  {
    slug: 'reasons',
    group: 'rules',
    title: 'Reasons',
    singular: 'Reason',
    permission: 'kernel.rules.view',
    path: '/reasons',
    fields: [
      { key: 'function', label: label.function, kind: 'function', required: true, fixed: true },
      { key: 'action', label: label.action, kind: 'text', required: true, fixed: true },
      code,
      { key: 'label', label: label.name, kind: 'text', required: true },
      active,
    ],
  },
];

const rest: AdminPage[] = [
  { slug: 'users', group: 'access', title: 'Users', singular: 'User', permission: 'kernel.users.view' },
  { slug: 'roles', group: 'access', title: 'Roles and permissions', singular: 'Role', permission: 'kernel.roles.view' },
  { slug: 'tokens', group: 'access', title: 'API tokens', singular: 'Token', permission: 'kernel.tokens.view' },
  { slug: 'functions', group: 'system', title: adminText.functions.title, singular: 'Function', permission: 'kernel.functions.view' },
  { slug: 'backups', group: 'system', title: adminText.backups.title, singular: 'Backup', permission: 'kernel.backups.view' },
  {
    slug: 'diagnostics',
    group: 'system',
    title: adminText.diagnostics.title,
    singular: 'Diagnostics',
    permission: 'kernel.diagnostics.view',
  },
  { slug: 'jobs', group: 'system', title: adminText.jobs.title, singular: 'Job', permission: 'kernel.jobs.view' },
  {
    slug: 'chart',
    group: 'ledger',
    title: 'Chart of accounts',
    singular: 'Account',
    permission: 'kernel.ledger.view',
    path: '/ledger/chart',
    key: 'code',
    fields: [
      code,
      name,
      { key: 'kind', label: label.kind, kind: 'choice', choices: accountKinds, required: true, fixed: true },
      { key: 'contra', label: label.contra, kind: 'boolean' },
      { key: 'group', label: label.accountGroup, kind: 'text' },
      active,
    ],
  },
  {
    slug: 'account-rules',
    group: 'ledger',
    title: 'Account rules',
    singular: 'Account rule',
    permission: 'kernel.ledger.view',
    path: '/ledger/account-rules',
    fields: [
      {
        key: 'role',
        label: label.accountRole,
        kind: 'reference',
        from: { path: '/ledger/account-rules', value: 'role' },
        required: true,
        fixed: true,
      },
      { ...branch, required: false, fixed: true, none: label.all },
      { ...reference('categoryId', label.category, '/catalogue/categories'), fixed: true, none: label.all },
      reference('account', label.account, '/ledger/chart', true, 'code'),
    ],
  },
  { slug: 'accounts', group: 'ledger', title: 'Ledger accounts', singular: 'Account', permission: 'kernel.ledger.view' },
  { slug: 'trial-balance', group: 'ledger', title: 'Trial balance', singular: 'Trial balance', permission: 'kernel.ledger.view' },
  { slug: 'imports', group: 'imports', title: 'Imports', singular: 'Import', permission: 'kernel.imports.view' },
  { slug: 'periods', group: 'ledger', title: 'Periods', singular: 'Period', permission: 'kernel.ledger.view' },
  {
    slug: 'targets',
    group: 'ledger',
    title: 'Targets',
    singular: 'Target',
    permission: 'kernel.targets.configure',
    path: '/targets',
    whole: 'post',
    fields: [
      { key: 'function', label: label.function, kind: 'function', required: true },
      { key: 'measure', label: label.measure, kind: 'measure', required: true },
      { ...reference('branch', label.branch, '/organisation/branches', false, 'code') },
      { key: 'from', label: label.from, kind: 'date', required: true },
      { key: 'to', label: label.to, kind: 'date', required: true },
      { key: 'amount', label: label.value, kind: 'number', required: true },
    ],
  },
];

/** Every administration page: the plain ones are drawn from this list, the others have a page of their own. */
export const adminPages: AdminPage[] = [...organisation, ...catalogue, ...parties, ...rules, ...rest].map(withRights);

/** Plain master data asks for what its endpoints do: `create` and `update`, or `configure` for both. */
function withRights(page: AdminPage): AdminPage {
  const base = page.permission.replace(/\.[a-z]+$/, '');
  if (page.path === undefined || page.slug === 'number-series') return page;
  const free = base === 'kernel.catalogue' || base === 'kernel.parties';
  return {
    ...page,
    ...(page.single ? {} : { create: `${base}.${free ? 'create' : 'configure'}` }),
    update: `${base}.${free ? 'update' : 'configure'}`,
  };
}

export const adminCrumb = { label: adminText.title, to: '/admin' };
