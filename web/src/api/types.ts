/**
 * The shapes of docs/api.md. Everything outside `src/api/` imports them from here, so that the generated schema
 * (`npm run types`) can take their place without a page noticing.
 */

/** A decimal number as text: money, quantity, price or rate. Never turned into a floating number for arithmetic. */
export type Decimal = string;

export type CellType =
  | 'text'
  | 'number'
  | 'integer'
  | 'money'
  | 'quantity'
  | 'price'
  | 'rate'
  | 'date'
  | 'instant'
  | 'status'
  | 'party'
  | 'item'
  | 'branch'
  | 'user'
  | 'id'
  | 'boolean';

export type Query = Record<string, string | number | boolean | undefined>;
export type Row = Record<string, unknown>;
export interface ListPage<T = Row> {
  items: T[];
  next?: string;
  total?: number;
}

export interface Branch {
  id: string;
  code: string;
  name: string;
  timeZone?: string;
}
export interface Session {
  user: { id: string; userName: string; name: string };
  roles: string[];
  permissions: string[];
  branches: Branch[];
  /** The branch worked in; none for somebody who has a role nowhere yet. */
  branch?: Branch;
  company: { name: string; currency: string; exponent: number };
  csrfToken: string;
  version: string;
  environment: string;
  mustChangePassword?: boolean;
}

export interface Column {
  key: string;
  label: string;
  type: CellType;
  filterable?: boolean;
  sortable?: boolean;
  options?: (string | { value: string; label: string })[];
  defaultShown?: boolean;
}
export interface CodeName {
  code: string;
  name: string;
}
export interface CodeLabel {
  code: string;
  label: string;
}
export interface Measure {
  key: string;
  label: string;
  type: CellType;
  better?: 'up' | 'down' | 'none';
}
export interface QuickAction {
  code: string;
  label: string;
  page: string;
  permission?: string;
}
export interface ReportInfo {
  code: string;
  name: string;
  named?: boolean;
  columns?: Column[];
}
export interface FunctionInfo {
  code: string;
  module: string;
  slug: string;
  name: string;
  summary?: string;
  route: string;
  actions: string[];
  kinds: CodeName[];
  columns: Column[];
  dimensions: { key: string; label: string }[];
  measures: Measure[];
  reports: ReportInfo[];
  quickActions: QuickAction[];
  lifecycle: Record<string, string[]>;
  reasons?: Record<string, CodeLabel[]>;
}
export interface ModuleInfo {
  code: string;
  name: string;
  functions: FunctionInfo[];
}
export interface Meta {
  modules: ModuleInfo[];
}

export interface Field {
  label: string;
  value: unknown;
  type: CellType;
}
export interface Section {
  title: string;
  fields: Field[];
}
export interface Table {
  key: string;
  title: string;
  columns: Column[];
  rows: Row[];
}
export interface DocumentDetail {
  id: string;
  /** Given when it is posted; a draft has none. */
  number?: string;
  function: string;
  kind: string;
  status: string;
  standing?: string;
  version: number | string;
  branch?: string | { code: string; name: string };
  businessDate?: string;
  party?: string | { id: string; name: string };
  currency?: string;
  total?: Decimal;
  note?: string;
  createdAt?: string;
  createdBy?: string | { userName?: string; name?: string };
  sections: Section[];
  tables: Table[];
  actions: string[];
  data?: unknown;
}
export interface TimelineEvent {
  at: string;
  user?: string | { userName?: string; name?: string };
  action: string;
  reason?: string;
  text?: string;
  from?: string;
  to?: string;
  diff?: { path: string; before?: unknown; after?: unknown }[];
}
export interface LedgerEntry {
  account: string;
  accountName?: string;
  role?: string;
  subject?: string;
  unit: string;
  amount?: Decimal;
  debit?: Decimal;
  credit?: Decimal;
}
export interface LedgerTransaction {
  id: string;
  businessDate: string;
  postedAt: string;
  reversalOf?: string;
  entries: LedgerEntry[];
}
export interface RelatedNode {
  id: string;
  number: string;
  function: string;
  kind: string;
  status: string;
  total?: Decimal;
}
export interface Related {
  nodes: RelatedNode[];
  edges: { from: string; to: string; relation: string }[];
}

export interface Kpi {
  key: string;
  label: string;
  type: CellType;
  value?: Decimal | number;
  previous?: Decimal | number;
  changeRate?: Decimal | number;
  better?: 'up' | 'down' | 'none';
  spark?: (number | string)[];
  drill?: { page: string; query?: Query };
}
export interface QueueItem {
  id: string;
  number: string;
  what: string;
  amount?: Decimal;
  ageMinutes?: number;
  page?: string;
  function?: string;
}
export interface ExceptionItem {
  id: string;
  rule: string;
  severity: 'high' | 'medium' | 'low';
  function?: string;
  document?: { id: string; number: string; function?: string };
  branch?: string;
  raisedAt: string;
  message: string;
  state?: string;
  owner?: string;
}
export interface ActivityItem {
  id?: string;
  at: string;
  user?: string | { userName?: string; name?: string };
  action?: string;
  what?: string;
  text?: string;
  number?: string;
  function?: string;
  documentId?: string;
  document?: { id: string; number: string; function?: string };
  page?: string;
  branch?: string;
  amount?: Decimal;
}
export interface Dashboard {
  period?: { from: string; to: string };
  kpis: Kpi[];
  queue?: QueueItem[];
  exceptions?: { high: number; medium: number; low: number; top: ExceptionItem[] };
  timeline?: ActivityItem[];
  quickActions?: QuickAction[];
}
export interface Trends {
  series?: { key: string; label: string; type: CellType; points: { date: string; value: number | string }[] }[];
}

export interface Report {
  report: string;
  title: string;
  columns: Column[];
  rows: { key?: string; cells: Row; drill?: Query }[];
  totals?: Row;
  compare?: { rows: { key?: string; cells: Row }[]; totals?: Row };
  next?: string;
}

export interface Trend {
  measure: string;
  type: CellType;
  points: {
    date: string;
    value: number | string;
    average?: number | string;
    seasonal?: number | string;
    anomaly?: { score: number; reason: string };
  }[];
  compare?: { date: string; value: number | string }[];
  weekday?: (number | string)[];
  sentence?: string;
}
export interface Variance {
  cards: {
    key: string;
    label: string;
    actual: Decimal | number;
    target?: Decimal | number;
    baseline?: Decimal | number;
    varianceToTarget?: Decimal | number;
    varianceToBaseline?: Decimal | number;
    volumeEffect?: Decimal | number;
    priceEffect?: Decimal | number;
    mixEffect?: Decimal | number;
    type: CellType;
  }[];
}
export interface HeatmapData {
  rows: string[];
  columns: string[];
  type?: CellType;
  cells: (number | string | null)[][];
  gini?: number | string;
  paretoShare?: number | string;
  sentence?: string;
}
export interface Forecast {
  history: { date: string; value: number | string }[];
  points: {
    date: string;
    value: number | string;
    low80?: number | string;
    high80?: number | string;
    low95?: number | string;
    high95?: number | string;
  }[];
  model?: string;
  smape?: number | string;
  mase?: number | string;
  sentence?: string;
  type?: CellType;
}

export interface Approval {
  id: string;
  document: { id: string; number: string; function: string; kind: string; total?: Decimal; currency?: string };
  action: string;
  rule?: string;
  level: number;
  levels: number;
  role?: string;
  requestedBy?: string | { userName?: string; name?: string };
  requestedAt: string;
  ageMinutes?: number;
  escalatesAt?: string;
  nextRole?: string;
  mayDecide?: boolean;
  version?: number | string;
}
export interface AuditEvent {
  id: string;
  at: string;
  user?: string | { userName?: string; name?: string };
  action: string;
  object?: string;
  objectKind?: string;
  reason?: string;
  address?: string;
  diff?: { path: string; before?: unknown; after?: unknown }[];
  before?: unknown;
  after?: unknown;
}
export interface SearchHit {
  kind: string;
  id: string;
  title: string;
  subtitle?: string;
  page?: string;
}

// ---- Point of sale ----

export interface PaymentMethod {
  code: string;
  name: string;
  type: 'cash' | 'card' | 'voucher' | 'points' | 'account' | 'bank' | 'other';
  overTender?: boolean;
  needsReference?: boolean;
  roundingStep?: Decimal;
  roundingMode?: string;
  denominations?: Decimal[];
}
export interface ShiftBrief {
  id: string;
  number: string;
  openedAt?: string;
  openedBy?: string | { userName?: string; name?: string };
  float?: Decimal;
}
export interface Terminal {
  id: string;
  code: string;
  name: string;
  branch?: string | { code: string; name: string };
  shift?: ShiftBrief;
}
export interface Register {
  terminal: Terminal;
  profile: { basis: 'net' | 'gross'; currency: string; exponent: number; allowNegative?: boolean };
  shift?: ShiftBrief;
  methods: PaymentMethod[];
  parked: number;
  reasons: {
    override?: CodeLabel[];
    paidOut?: CodeLabel[];
    paidIn?: CodeLabel[];
    drop?: CodeLabel[];
    reverse?: CodeLabel[];
    discount?: CodeLabel[];
    drawer?: CodeLabel[];
  };
}
export interface CatalogueItem {
  id: string;
  sku: string;
  name: string;
  category?: { id: string; name: string };
  unit?: string;
  unitDecimals?: number;
  barcodes?: string[];
  price?: Decimal;
  priceBasis?: 'net' | 'gross';
  taxCode?: string;
  tracking?: 'none' | 'lot' | 'serial';
  onHand?: Decimal;
}
export interface CataloguePage {
  items: CatalogueItem[];
  next?: string;
  stamp?: string;
}
export interface TillCustomer {
  id: string;
  number: string;
  name: string;
  phone?: string;
  card?: string;
  email?: string;
}
export interface SaleLineRequest {
  itemId?: string;
  sku?: string;
  barcode?: string;
  quantity: Decimal;
  unitPrice?: Decimal;
  overrideReason?: string;
  discountRate?: Decimal;
  discountAmount?: Decimal;
  serials?: string[];
  lot?: string;
}
export interface TenderRequest {
  method: string;
  amount?: Decimal;
  tendered?: Decimal;
  reference?: string;
}
export interface SaleRequest {
  id?: string;
  terminalId: string;
  customerId?: string;
  lines: SaleLineRequest[];
  discountRate?: Decimal;
  discountAmount?: Decimal;
  discountReason?: string;
  tenders: TenderRequest[];
  approval?: { token: string };
  expectedTotal?: Decimal;
  /** The parked basket that this one came from. */
  parkedId?: string;
}
export interface PreviewLine {
  sku?: string;
  name: string;
  quantity: Decimal;
  listPrice?: Decimal;
  unitPrice: Decimal;
  priceSource?: string;
  amount: Decimal;
  discount?: Decimal;
  net: Decimal;
  tax: Decimal;
  total: Decimal;
}
export interface SalePreview {
  lines: PreviewLine[];
  taxes: { code: string; component?: string; rate: Decimal; base: Decimal; amount: Decimal }[];
  net: Decimal;
  tax: Decimal;
  discount?: Decimal;
  total: Decimal;
  payable: Decimal;
  cashDue?: Decimal;
  rounding?: Decimal;
  change: Decimal;
  needsApproval?: { reason: string; permission: string; roles: string[] };
  refusals: { code: string; detail?: string; pointer?: string }[];
}
export interface CheckoutResult {
  id: string;
  number: string;
  status: string;
  net: Decimal;
  tax: Decimal;
  total: Decimal;
  rounding?: Decimal;
  change: Decimal;
  receiptUrl?: string;
}
export interface Authorisation {
  token: string;
  by: { userName: string; name: string };
  expiresAt: string;
}
export interface ParkedBasket {
  id: string;
  number?: string;
  label?: string;
  total?: Decimal;
  lines?: number;
  terminal?: string;
  parkedAt?: string;
  parkedBy?: string | { userName?: string; name?: string };
}
/** What became of a document that may have to wait: posted, or waiting for the named role. */
export interface Outcome {
  id: string;
  number?: string;
  status: string;
  version?: number;
  waitsFor?: string;
}
export interface TenderCount {
  method: string;
  name?: string;
  expected?: Decimal;
  counted?: Decimal;
  variance?: Decimal;
  hasMovement?: boolean;
}
export interface Shift {
  id: string;
  number: string;
  terminal: string | { id?: string; code: string; name?: string };
  state: 'open' | 'counted' | 'closed';
  openedBy?: string | { userName?: string; name?: string };
  openedAt: string;
  closedAt?: string;
  float?: Decimal;
  version?: number | string;
  expected?: Decimal;
  tenders?: TenderCount[];
  x?: unknown;
}
export interface CountRequest {
  denominations: { value: Decimal; count: number }[];
  tenders: { method: string; counted: Decimal }[];
}
/** The X or Z report of a shift. */
export interface ShiftReport {
  kind: 'x' | 'z';
  shift: Shift;
  sales: number;
  reversals: number;
  gross: Decimal;
  discounts: Decimal;
  net: Decimal;
  tax: Decimal;
  total: Decimal;
  rounding: Decimal;
  cost?: Decimal;
  margin?: Decimal;
  taxes: { code: string; component: string; rate: Decimal; base: Decimal; amount: Decimal }[];
  tenders: TenderCount[];
  float: Decimal;
  paidIn: Decimal;
  paidOut: Decimal;
  drops: Decimal;
  noSaleOpenings: number;
  overrides: number;
  firstReceipt?: string;
  lastReceipt?: string;
  gaps: string[];
  madeAt: string;
}

// ---- Security and ledger ----

export interface PermissionMatrix {
  roles: { code: string; name: string }[];
  permissions: { permission: string; label: string; sensitive: boolean; roles: string[] }[];
}
export interface TrialBalance {
  at: string;
  lines: {
    account: string;
    name: string;
    kind?: string;
    group?: string;
    unit: string;
    balance: Decimal;
    debit?: Decimal;
    credit?: Decimal;
  }[];
  totals: { unit: string; debit: Decimal; credit: Decimal }[];
}
