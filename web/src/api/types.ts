import type { components } from './schema';

/**
 * The shapes of the API, taken from the generated schema (`npm run types`). Everything outside `src/api/` imports them from
 * here. Made by hand, because the API itself leaves them open: rows of lists, cells of reports, values of fields and
 * analytics (a decimal as text or a number), the column of a table that pages also make themselves, and words of a closed
 * list that the schema gives as text.
 */

type Schemas = components['schemas'];

/** The API leaves out what is null, so a value that may be null is one that may be missing. */
type Given<T> = T extends readonly (infer E)[]
  ? Given<E>[]
  : T extends object
    ? { [K in keyof T as null extends T[K] ? never : K]: Given<T[K]> } & {
        [K in keyof T as null extends T[K] ? K : never]?: Given<Exclude<T[K], null>>;
      }
    : T;
type Named<K extends keyof Schemas> = Given<Schemas[K]>;
/** A generated shape in which some fields are known more closely. */
type With<T, Closer> = Omit<T, keyof Closer> & Closer;

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
type Better = 'up' | 'down' | 'none';
type Figure = Decimal | number;

export type Query = Record<string, string | number | boolean | undefined>;
export type Row = Record<string, unknown>;
export interface ListPage<T = Row> {
  items: T[];
  next?: string;
  total?: number;
}

export type SetupChoices = Named<'SetupChoices'>;
export type SetupState = Named<'SetupState'>;
/** All that an empty database needs to sell. */
export type FirstRun = components['schemas']['FirstRunRequest'];
export type Verifications = Named<'VerificationsAnswer'>;
export type RecurringJournal = Named<'RecurringItem'>;
export type RecurringRun = Named<'RecurringRun'>;
export type PeriodChecks = Named<'PeriodChecksView'>;
export type FunctionStates = Named<'FunctionsAnswer'>;
export type Backups = Named<'BackupsAnswer'>;
export type BackupPlan = Schemas['BackupPlanWrite'];
export type Diagnostics = Named<'DiagnosticsAnswer'>;
export type RoleStanding = Named<'RoleStanding'>;
export type Branch = Named<'SessionBranch'>;
/** `branch` is the one worked in; none for somebody who has a role nowhere yet. */
export type Session = Named<'SessionAnswer'>;

/** A column of a list, a report or a table; pages make some themselves. */
export interface Column {
  key: string;
  label: string;
  type: CellType;
  filterable?: boolean;
  sortable?: boolean;
  options?: (string | { value: string; label: string })[];
  /** Where the values of its filter are looked up, such as `user` or `item`. */
  choices?: string;
  defaultShown?: boolean;
}
export type CodeLabel = Named<'MetaLabel'>;
export type Measure = With<Named<'MetaMeasure'>, { type: CellType; better?: Better }>;
export type Choice = Named<'Choice'>;
export type QuickAction = Named<'QuickActionItem'>;
export type ReportInfo = Named<'MetaReport'>;
export type FunctionInfo = With<
  Named<'MetaFunction'>,
  { columns: Column[]; measures: Measure[]; lifecycle: Record<string, string[]>; reasons: Record<string, CodeLabel[]> }
>;
export type ModuleInfo = With<Named<'MetaModule'>, { functions: FunctionInfo[] }>;
export interface Meta {
  modules: ModuleInfo[];
}

export type Field = With<Named<'FieldAnswer'>, { value: unknown; type: CellType }>;
export type Section = With<Named<'SectionAnswer'>, { fields: Field[] }>;
export type Table = With<Named<'TableAnswer'>, { columns: Column[]; rows: Row[] }>;
/** The number is given when it is posted; a draft has none. */
export type DocumentDetail = With<Named<'DocumentAnswer'>, { sections: Section[]; tables: Table[]; data?: unknown }>;
export type TimelineEvent = With<Named<'TimelineItem'>, { diff?: { path: string; before?: unknown; after?: unknown }[] }>;
export type LedgerEntry = Named<'EntryItem'>;
export type LedgerTransaction = Named<'TransactionItem'>;
export type RelatedNode = Named<'RelatedNode'>;
export type Related = Named<'RelatedAnswer'>;

export type Kpi = With<
  Named<'KpiAnswer'>,
  { type: CellType; value?: Figure; previous?: Figure; better?: Better; spark?: Figure[]; drill?: { page: string; query?: Query } }
>;
export type QueueItem = Named<'QueueItem'>;
export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type ExceptionItem = With<Named<'ExceptionItem'>, { severity: Severity }>;
export type ExceptionDetail = With<Named<'ExceptionDetail'>, { item: ExceptionItem }>;
export type ExceptionHistoryItem = Named<'ExceptionHistoryItem'>;
export type ExceptionOutcomes = Named<'ExceptionOutcomes'>;
export type ExceptionRule = Named<'ExceptionRuleItem'>;
export type ExceptionParameter = Named<'ExceptionParameter'>;
export type ExceptionTrial = Named<'ExceptionTrialAnswer'>;
export interface ExceptionSteps {
  step: 'acknowledge' | 'assign' | 'snooze' | 'resolve';
  items: { id: string; version: number }[];
  reason?: string;
  text?: string;
  until?: string;
  owner?: string | null;
}
type ExceptionSummary = With<Named<'ExceptionSummary'>, { top: ExceptionItem[] }>;
export type ActivityItem = Named<'ActivityItem'>;
/** Parts that a caller may not see are left out. */
export type Dashboard = Partial<With<Named<'DashboardResult'>, { exceptions: ExceptionSummary }>> & { kpis: Kpi[] };
export type Trends = With<Named<'TrendsAnswer'>, { series: { key: string; label: string; type: CellType; points: DatedFigure[] }[] }>;
export type OperationsStatus = Named<'StatusAnswer'>;
export type Waiting = With<Named<'WaitingAnswer'>, { exceptions: With<Named<'WaitingExceptions'>, { items: ExceptionItem[] }> }>;
type DemandHour = With<Named<'DemandHour'>, { value?: Figure; usual: Figure }>;
export type DemandSeries = With<
  Named<'DemandItem'>,
  { type: CellType; soFar: Figure; usualSoFar: Figure; hours: DemandHour[]; drill: { page: string; query?: Query } }
>;
export type Demand = With<Named<'DemandAnswer'>, { series: DemandSeries[] }>;
type HubAnomaly = With<Named<'HubAnomalyItem'>, { value: Figure }>;
export type HubMeasure = With<
  Named<'HubMeasureItem'>,
  { type: CellType; better?: Better; value?: Figure; previous?: Figure; weeks: Figure[]; anomalies: HubAnomaly[] }
>;
export type HubFunction = With<Named<'HubFunctionItem'>, { measures: HubMeasure[] }>;
export type MissedTarget = With<Named<'MissedTargetItem'>, { type: CellType; expected: Figure; actual: Figure }>;
export type AnalyticsHub = With<Named<'AnalyticsHubAnswer'>, { functions: HubFunction[]; missed: MissedTarget[] }>;
type DatedFigure = With<Named<'DatedValue'>, { value: Figure }>;

export type ReportRow = With<Named<'ReportRow'>, { cells: Row }>;
type ReportCompareRow = With<Named<'ReportCompareRow'>, { cells: Row; difference: Row; changeRate: Row }>;
export type ReportCompare = With<Named<'ReportCompare'>, { rows: ReportCompareRow[]; totals: Row; difference: Row; changeRate: Row }>;
export type Report = With<Named<'ReportResult'>, { columns: Column[]; rows: ReportRow[]; totals?: Row; compare?: ReportCompare }>;
export type SavedView = Named<'SavedView'>;
export type Schedule = Named<'Schedule'>;
export type ScheduleDraft = Partial<Named<'ScheduleDraft'>>;
export type ScheduleRun = Named<'ScheduleRun'>;
export type FunctionReports = Named<'FunctionReportsItem'>;
export type RecentPage = Named<'RecentPage'>;
export type Trend = With<
  Named<'TrendAnswer'>,
  {
    type: CellType;
    points: With<Named<'TrendItem'>, { value: Figure; average?: Figure; seasonal?: Figure }>[];
    compare?: DatedFigure[];
    weekday?: Figure[];
  }
>;
export interface Variance {
  cards: With<
    Named<'VarianceCard'>,
    {
      type: CellType;
      actual: Figure;
      target?: Figure;
      baseline?: Figure;
      varianceToTarget?: Figure;
      varianceToBaseline?: Figure;
      volumeEffect?: Figure;
      priceEffect?: Figure;
      mixEffect?: Figure;
    }
  >[];
}
export type HeatmapData = With<Named<'HeatmapAnswer'>, { type: CellType; cells: (Figure | null)[][] }>;
export type Forecast = With<
  Named<'ForecastAnswer'>,
  {
    type: CellType;
    history: DatedFigure[];
    points: With<Named<'ForecastItem'>, { value: Figure; low80?: Figure; high80?: Figure; low95?: Figure; high95?: Figure }>[];
  }
>;

export type Approval = Named<'ApprovalItem'>;
export type ApprovalStep = Named<'ApprovalPathStep'>;
export type DecideMany = Named<'DecideManyRequest'>;
export type DecidedMany = Named<'DecideManyAnswer'>;
export type Notice = Named<'ReceivedNotice'>;
export type RuleChoices = Named<'RuleChoicesAnswer'>;
export type DryRun = Named<'DryRunAnswer'>;
export type AuditEvent = With<Named<'AuditItem'>, { diff?: { path: string; before?: unknown; after?: unknown }[] }>;
export type SealState = Named<'SealStateAnswer'>;
export type Jobs = Named<'JobsAnswer'>;
export type Delegation = Named<'Delegation'>;
export type NewDelegation = Named<'NewDelegation'>;
export type JobRun = Named<'JobRun'>;
export type SealBlock = Named<'SealBlock'>;
export type SealProof = Named<'SealProof'>;
export type SearchHit = Named<'SearchItem'>;

// ---- Point of sale ----

export type PaymentMethod = With<Named<'RegisterMethod'>, { type: 'cash' | 'card' | 'voucher' | 'points' | 'account' | 'bank' | 'other' }>;
export type ShiftState = 'open' | 'counted' | 'closed';
export type ShiftBrief = With<Named<'RegisterShift'>, { state: ShiftState }>;
export type Terminal = With<Named<'RegisterTerminal'>, { shift?: ShiftBrief }>;
type TillReasons = 'override' | 'paidOut' | 'paidIn' | 'drop' | 'reverse' | 'discount' | 'drawer' | 'redress' | 'reward';
export type Register = With<
  Named<'RegisterAnswer'>,
  {
    terminal: Terminal;
    shift?: ShiftBrief;
    methods: PaymentMethod[];
    reasons: Partial<Record<TillReasons, CodeLabel[]>>;
  }
>;
export type CatalogueItem = With<Named<'RegisterItem'>, { priceBasis: 'net' | 'gross'; tracking: 'none' | 'lot' | 'serial' }>;
export type CataloguePage = With<Named<'CatalogueAnswer'>, { items: CatalogueItem[] }>;
export type TillCustomer = Named<'RegisterCustomer'>;
export type SaleLineRequest = With<Named<'BasketLineRequest'>, { quantity: Decimal }>;
export type TenderRequest = Named<'TenderRequest'>;
export type SaleRequest = With<Named<'BasketRequest'>, { lines: SaleLineRequest[]; tenders: TenderRequest[] }>;
export type PreviewLine = Named<'PreviewLine'>;
export type SalePreview = Named<'Preview'>;
export type CheckoutResult = Named<'CheckoutAnswer'>;
export type Authorisation = Named<'AuthoriseAnswer'>;
export type ParkedBasket = Omit<Named<'ParkedBasket'>, 'basket'>;
export type Voucher = Named<'VoucherAnswer'>;
export type VoucherRequest = With<Named<'VoucherRequest'>, { purpose: 'redress' | 'reward' }>;
/** A voucher that nobody paid for; its code is told here and nowhere else. */
export type IssuedVoucher = Named<'VoucherIssueAnswer'>;
/** What became of a document that may have to wait: posted, or waiting for the named role. */
export type Outcome = Pick<Named<'LifecycleOutcome'>, 'id' | 'number' | 'status' | 'waitsFor'> & { version?: number };
export type TenderCount = Named<'ShiftTenderAnswer'>;
export type Shift = With<Named<'ShiftAnswer'>, { state: ShiftState }>;
export type ShiftListItem = With<Named<'ShiftListItem'>, { state: ShiftState }>;
export type CountRequest = With<Named<'CountRequest'>, { denominations: Named<'DenominationCount'>[] }>;
/** The X or Z report of a shift. */
export type ShiftReport = With<Named<'ShiftReport'>, { kind: 'x' | 'z'; shift: Shift }>;

// ---- Security and ledger ----

export type PermissionMatrix = Named<'PermissionMatrix'>;
export type TrialBalance = Named<'TrialBalanceAnswer'>;

// ---- Long work and imports ----

export type WorkItem = With<Named<'WorkItem'>, { state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'; result?: unknown }>;
export type ImportKinds = Named<'ImportKindsAnswer'>;
export type ImportKind = Named<'ImportKindItem'>;
export type UploadedFile = Named<'WorkFile'>;
export type ImportColumns = Named<'ImportColumns'>;
export type ImportAsk = Named<'ImportRequest'>;
export type ImportItem = With<Named<'ImportItem'>, { report?: unknown }>;
export type CopyTargets = Named<'CopyTargetsRequest'>;
/** What a preview or an import says of itself; the API leaves the result of work open. */
export interface ImportReport {
  rows: number;
  created: number;
  changed: number;
  unchanged: number;
  refused: number;
  refusedRows: { line: number; field: string; code: string; reason: string }[];
}
/** What an undo says of itself. */
export interface UndoReport {
  takenAway: number;
  setBack: number;
  kept: number;
  keptRecords: { name: string; code: string; reason: string }[];
}
// ---- Customers ----

export type CustomerRequest = Named<'CustomerRequest'>;
export type ContactPoint = Named<'ContactPointRequest'>;
export type CustomerAnswer = Named<'CustomerAnswer'>;
export type CustomerOverview = Named<'CustomerOverviewAnswer'>;
export type CustomerHit = Named<'CustomerHit'>;
export type CustomerTimeline = Named<'CustomerTimelineAnswer'>;
export type ConsentRequest = Named<'ConsentRequest'>;
export type CustomerGroup = Named<'CustomerGroupView'>;
export type CustomerAttribute = Named<'CustomerAttributeView'>;
export type SegmentRequest = Named<'SegmentRequest'>;
export type SegmentDraft = Named<'DefinitionAnswer'>;
export type SegmentMeasure = Named<'MeasureItem'>;
export type SegmentPreview = Named<'PreviewAnswer'>;
export type SegmentMembers = Named<'MembersAnswer'>;
export type SegmentChanges = Named<'ChangesAnswer'>;

// ---- Books ----

export type Statement = Named<'StatementAnswer'>;
export type StatementLine = Statement['lines'][number];
export type StatementColumn = Statement['columns'][number];
export type BookEntries = Named<'BookEntriesAnswer'>;
export type JournalRequest = Named<'JournalRequest'>;
export type JournalLine = Named<'JournalLineRequest'>;
export type JournalAnswer = Named<'JournalAnswer'>;
export type JournalAccount = Named<'JournalAccountItem'>;
export type YearEndPreview = Named<'YearEndPreview'>;
export type YearEndAnswer = Named<'YearEndAnswer'>;
export type Attachments = Named<'AttachmentsAnswer'>;
/** A journal as it was entered: the typed part of its detail. */
export type JournalData = Omit<JournalRequest, 'lines'> & {
  nextOn?: string;
  lines: (JournalLine & { accountName: string; subjectName?: string; branch: string })[];
};
