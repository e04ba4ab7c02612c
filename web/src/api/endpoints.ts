import { http } from './http';
import type * as T from './types';

/** Every call of docs/api.md under the name of what it does. Pages and hooks call these and nothing below them. */

export const session = {
  get: () => http.get<T.Session>('/session'),
  signIn: (body: { userName: string; password: string; code?: string }) => http.post<T.Session>('/session', body),
  signOut: () => http.delete<void>('/session'),
  password: (body: { current: string; new: string }) => http.put<void>('/session/password', body),
  totpBegin: () => http.post<{ secret: string; uri?: string; qr?: string }>('/session/totp'),
  totpConfirm: (code: string) => http.put<{ recoveryCodes?: string[] } | undefined>('/session/totp', { code }),
  totpRemove: (password: string) => http.delete<void>('/session/totp', { body: { password } }),
};

/** Setting up an empty database; nobody is signed in yet. */
export const setup = {
  state: () => http.get<T.SetupState>('/setup'),
  run: (body: T.FirstRun, code: string) => http.post<unknown>('/setup', body, code ? { headers: { 'X-Setup-Code': code } } : {}),
};

/** Functions switched on and off for the company. */
export const switches = {
  list: () => http.get<T.FunctionStates>('/operations/functions'),
  set: (functions: string[], on: boolean) => http.post<T.FunctionStates>('/operations/functions/switch', { functions, on }),
};

/** Backups of the business: the schedule, one now, the list. */
export const backups = {
  list: (query: T.Query) => http.get<T.Backups>('/operations/backups', query),
  run: () => http.post<{ id: string }>('/operations/backups/run'),
  plan: (body: T.BackupPlan, version: number) => http.post<unknown>('/operations/backups/plan', body, version > 0 ? { version } : {}),
  filePath: (id: string) => `/operations/backups/${id}/file`,
};

export const diagnostics = {
  read: () => http.get<T.Diagnostics>('/operations/diagnostics'),
  bundlePath: '/operations/diagnostics/bundle',
};

export const meta = { get: () => http.get<T.Meta>('/meta') };

/** Calls that every function answers under its own route. */
export const functions = {
  list: (route: string, query: T.Query, signal?: AbortSignal) => http.get<T.ListPage>(route, query, signal),
  detail: (route: string, id: string) => http.get<T.DocumentDetail>(`${route}/${id}`),
  timeline: (route: string, id: string) => http.get<{ items: T.TimelineEvent[] }>(`${route}/${id}/timeline`),
  entries: (route: string, id: string) => http.get<{ transactions: T.LedgerTransaction[] }>(`${route}/${id}/entries`),
  related: (route: string, id: string) => http.get<T.Related>(`${route}/${id}/related`),
  /** Takes a step of the lifecycle; `waitsFor` in the answer is the role that must agree first. */
  act: (
    route: string,
    id: string,
    action: string,
    body: { reason?: string; text?: string; approval?: { token: string } },
    version: number | string,
    idempotencyKey: string,
  ) => http.post<T.Outcome>(`${route}/${id}/${action}`, body, { version, idempotencyKey }),
  /** What a filter may be set to, by words typed. */
  choices: (route: string, kind: string, q: string, signal?: AbortSignal) =>
    http.get<{ items: T.Choice[] }>(`${route}/choices/${kind}`, { q }, signal),
  /** The names of values that a filter has. */
  choiceNames: (route: string, kind: string, value: string) => http.get<{ items: T.Choice[] }>(`${route}/choices/${kind}`, { value }),
  reports: (route: string) => http.get<{ items?: T.ReportInfo[] }>(`${route}/reports`),
  report: (route: string, report: string, query: T.Query, signal?: AbortSignal) =>
    http.get<T.Report>(`${route}/reports/${report}`, query, signal),
  dashboard: (route: string, query: T.Query, signal?: AbortSignal) => http.get<T.Dashboard>(`${route}/dashboard`, query, signal),
  trend: (route: string, query: T.Query, signal?: AbortSignal) => http.get<T.Trend>(`${route}/analytics/trend`, query, signal),
  variance: (route: string, query: T.Query, signal?: AbortSignal) => http.get<T.Variance>(`${route}/analytics/variance`, query, signal),
  heatmap: (route: string, query: T.Query, signal?: AbortSignal) => http.get<T.HeatmapData>(`${route}/analytics/heatmap`, query, signal),
  forecast: (route: string, query: T.Query, signal?: AbortSignal) => http.get<T.Forecast>(`${route}/analytics/forecast`, query, signal),
};

export const operations = {
  summary: (query: T.Query) => http.get<T.Dashboard>('/operations/dashboard/summary', query),
  alerts: (query: T.Query) =>
    http.get<{ items?: T.ExceptionItem[]; exceptions?: T.Dashboard['exceptions'] }>('/operations/dashboard/alerts', query),
  trends: (query: T.Query) => http.get<T.Trends>('/operations/dashboard/trends', query),
  status: (query: T.Query) => http.get<T.OperationsStatus>('/operations/dashboard/status', query),
  waiting: () => http.get<T.Waiting>('/operations/dashboard/waiting'),
  demand: (query: T.Query, signal?: AbortSignal) => http.get<T.Demand>('/operations/dashboard/demand', query, signal),
  analytics: (query: T.Query, signal?: AbortSignal) => http.get<T.AnalyticsHub>('/analytics', query, signal),
  module: (module: string, query: T.Query) => http.get<T.Dashboard>(`/modules/${module}/dashboard`, query),
  approvals: (query: T.Query) => http.get<T.ListPage<T.Approval>>('/approvals', query),
  decideMany: (body: T.DecideMany) => http.post<T.DecidedMany>('/approvals/decide', body),
  approvalRuleChoices: () => http.get<T.RuleChoices>('/approval-rules/choices'),
  tryApprovalRule: (query: T.Query) => http.get<T.DryRun>('/approval-rules/dry-run', query),
  notices: (query: T.Query) => http.get<T.ListPage<T.Notice> & { unread: number }>('/notices', query),
  readNotices: (ids?: string[]) => http.post<{ unread: number }>('/notices/read', ids === undefined ? {} : { ids }),
  decide: (id: string, decision: 'approve' | 'reject' | 'send-back', body: { reason?: string; text?: string }, version?: number | string) =>
    http.post<unknown>(`/approvals/${id}/${decision}`, body, version === undefined ? {} : { version }),
  exceptions: (query: T.Query) => http.get<T.ListPage<T.ExceptionItem>>('/exceptions', query),
  exception: (id: string) => http.get<T.ExceptionDetail>(`/exceptions/${id}`),
  handleExceptions: (body: T.ExceptionSteps) => http.post<T.ExceptionOutcomes>('/exceptions/bulk', body),
  exceptionPeople: (q: string) => http.get<{ items: { id: string; name: string; userName: string }[] }>('/exceptions/people', { q }),
  exceptionRules: (branch: string | undefined) => http.get<{ items: T.ExceptionRule[] }>('/exceptions/rules', { branch }),
  tryExceptionRule: (code: string, query: T.Query) => http.get<T.ExceptionTrial>(`/exceptions/rules/${code}/dry-run`, query),
  activity: (query: T.Query) => http.get<T.ListPage<T.ActivityItem>>('/activity', query),
  audit: (query: T.Query) => http.get<T.ListPage<T.AuditEvent>>('/audit', query),
  seals: () => http.get<T.SealState>('/audit/seals'),
  verifications: () => http.get<T.Verifications>('/audit/verifications', { limit: 5 }),
  verifyAudit: () => http.post<{ id: string }>('/audit/verify'),
  eventProof: (id: string) => http.get<T.SealProof>(`/audit/${id}/proof`),
  transactionProof: (id: string) => http.get<T.SealProof>(`/ledger/transactions/${id}/proof`),
  delegations: () => http.get<{ items: T.Delegation[] }>('/approvals/delegations'),
  delegate: (body: T.NewDelegation) => http.post<T.Delegation>('/approvals/delegations', body),
  revokeDelegation: (id: string) => http.post<T.Delegation>(`/approvals/delegations/${id}/revoke`),
  jobs: () => http.get<T.Jobs>('/operations/jobs'),
  jobRuns: (query: T.Query) => http.get<T.ListPage<T.JobRun>>('/operations/jobs/runs', query),
  runJob: (code: string) => http.post<unknown>(`/operations/jobs/${code}/run`),
  work: (query: T.Query) => http.get<T.ListPage<T.WorkItem>>('/operations/work', query),
  workItem: (id: string) => http.get<T.WorkItem>(`/operations/work/${id}`),
  workFilePath: (id: string, role: string) => `/operations/work/${id}/files/${role}`,
  cancelWork: (id: string) => http.post<unknown>(`/operations/work/${id}/cancel`),
  copyTargets: (body: T.CopyTargets) => http.post<{ items: T.Row[] }>('/targets/copy', body),
  search: (q: string, signal?: AbortSignal) => http.get<{ items: T.SearchHit[] }>('/search', { q }, signal),
};

/** What people keep of lists and reports: views, schedules with their files, the pages they were on. */
export const reports = {
  all: () => http.get<{ functions: T.FunctionReports[] }>('/reports'),
  views: (page?: string) => http.get<{ items: T.SavedView[] }>('/views', page === undefined ? {} : { page }),
  saveView: (body: { name: string; page: string; query: string; role?: string }) => http.post<T.SavedView>('/views', body),
  changeView: (id: string, body: { name?: string; query?: string; role?: string }, version: number) =>
    http.post<T.SavedView>(`/views/${id}/change`, body, { version }),
  defaultView: (id: string, on: boolean) => http.post<T.SavedView>(`/views/${id}/default`, { on }),
  deleteView: (id: string) => http.post<T.SavedView>(`/views/${id}/delete`),
  schedules: () => http.get<{ items: T.Schedule[] }>('/reports/schedules'),
  makeSchedule: (body: T.ScheduleDraft) => http.post<T.Schedule>('/reports/schedules', body),
  changeSchedule: (id: string, body: T.ScheduleDraft, version: number) =>
    http.post<T.Schedule>(`/reports/schedules/${id}/change`, body, { version }),
  switchSchedule: (id: string, active: boolean) => http.post<T.Schedule>(`/reports/schedules/${id}/switch`, { active }),
  runSchedule: (id: string) => http.post<unknown>(`/reports/schedules/${id}/run`),
  deleteSchedule: (id: string) => http.post<T.Schedule>(`/reports/schedules/${id}/delete`),
  runs: (query: T.Query) => http.get<T.ListPage<T.ScheduleRun>>('/reports/runs', query),
  recents: () => http.get<{ items: T.RecentPage[] }>('/me/recents'),
  visit: (body: { page: string; title: string }) => http.post<unknown>('/me/recents', body),
};

/** Master data: plain lists that are read, added to and changed under one path each. */
export const masterData = {
  list: (path: string, query: T.Query, signal?: AbortSignal) => http.get<T.ListPage>(path, query, signal),
  one: (path: string, id: string) => http.get<T.Row>(`${path}/${id}`),
  create: (path: string, body: T.Row) => http.post<T.Row>(path, body),
  change: (path: string, id: string, body: T.Row, version?: number | string) =>
    http.patch<T.Row>(`${path}/${id}`, body, version === undefined ? {} : { version }),
  put: (path: string, id: string, body: T.Row) => http.put<T.Row>(`${path}/${encodeURIComponent(id)}`, body),
  remove: (path: string, id: string) => http.delete<void>(`${path}/${id}`),
  act: (path: string, id: string, action: string, body: T.Row = {}, version?: number | string) =>
    http.post<T.Row>(`${path}/${id}/${action}`, body, version === undefined ? {} : { version }),
};

/** The months of the books. */
export const periods = {
  checks: (month: string, step: 'close' | 'soft-close') => http.get<T.PeriodChecks>(`/ledger/periods/${month}/checks`, { step }),
};

/** CSV files: sent, looked at, taken and undone; all but the sending is long work. */
export const imports = {
  kinds: () => http.get<T.ImportKinds>('/imports/kinds'),
  upload: (file: File) => http.upload<T.UploadedFile>('/imports/files', { name: file.name }, file),
  columns: (id: string, kind: string) => http.get<T.ImportColumns>(`/imports/files/${id}/columns`, { kind }),
  preview: (body: T.ImportAsk) => http.post<{ id: string }>('/imports/preview', body),
  run: (body: T.ImportAsk) => http.post<{ id: string }>('/imports/run', body),
  undo: (id: string) => http.post<{ id: string }>(`/imports/${id}/undo`),
  list: (query: T.Query) => http.get<T.ListPage<T.ImportItem>>('/imports', query),
};

/** Users, what their roles may do, and the ledger: not plain lists, so each call has its own shape. */
export const access = {
  assignRoles: (id: string, roles: { role: string; branchId?: string }[], version?: number | string) =>
    http.put<T.Row>(`/users/${id}/roles`, { roles }, version === undefined ? {} : { version }),
  setPassword: (id: string, password: string, version?: number | string) =>
    http.put<T.Row>(`/users/${id}/password`, { password, mustChange: true }, version === undefined ? {} : { version }),
  removeTotp: (id: string) => http.delete<T.Row>(`/users/${id}/totp`),
  matrix: () => http.get<T.PermissionMatrix>('/permissions'),
  roleChanges: (role: string) => http.get<T.RoleStanding>(`/roles/${role}/changes`),
  grant: (role: string, permission: string) => http.put<void>(`/roles/${role}/permissions/${permission}`),
  revoke: (role: string, permission: string) => http.delete<void>(`/roles/${role}/permissions/${permission}`),
};

export const ledger = { trialBalance: (at: string) => http.get<T.TrialBalance>('/ledger/trial-balance', { at }) };

const till = '/sales/point-of-sale';

export const pointOfSale = {
  register: (terminal: string) => http.get<T.Register>(`${till}/register`, { terminal }),
  terminals: () => http.get<T.ListPage<T.Terminal>>(`${till}/terminals`),
  catalogue: (query: T.Query, signal?: AbortSignal) => http.get<T.CataloguePage>(`${till}/catalogue`, query, signal),
  customers: (q: string, signal?: AbortSignal) => http.get<{ items: T.TillCustomer[] }>(`${till}/customers`, { q }, signal),
  preview: (body: T.SaleRequest, signal?: AbortSignal) => http.post<T.SalePreview>(`${till}/preview`, body, signal ? { signal } : {}),
  checkout: (body: T.SaleRequest, idempotencyKey: string) => http.post<T.CheckoutResult>(`${till}/checkout`, body, { idempotencyKey }),
  authorise: (body: { userName: string; password: string; action: string; terminalId: string; reason?: string; code?: string }) =>
    http.post<T.Authorisation>(`${till}/authorise`, body),
  park: (body: T.SaleRequest & { label?: string }, idempotencyKey: string) =>
    http.post<{ id: string }>(`${till}/park`, body, { idempotencyKey }),
  parked: (terminal?: string) => http.get<T.ListPage<T.ParkedBasket>>(`${till}/parked`, terminal === undefined ? {} : { terminal }),
  resume: (id: string) => http.post<T.ParkedBasket & { basket: T.SaleRequest }>(`${till}/${id}/resume`),
  cashMovement: (
    body: { terminalId: string; movement: string; amount: string; reason: string; text?: string; approval?: { token: string } },
    idempotencyKey: string,
  ) => http.post<T.Outcome>(`${till}/cash-movements`, body, { idempotencyKey }),
  openShift: (terminal: string, float: string, idempotencyKey: string) =>
    http.post<T.ShiftBrief>(`${till}/shifts/${terminal}/open`, { float }, { idempotencyKey }),
  shifts: (query: T.Query) => http.get<T.ListPage<T.ShiftListItem>>(`${till}/shifts`, query),
  shift: (id: string) => http.get<T.Shift>(`${till}/shifts/${id}`),
  shiftReport: (id: string, kind: 'x' | 'z') => http.get<T.ShiftReport>(`${till}/shifts/${id}/report`, { kind }),
  count: (id: string, body: T.CountRequest) => http.post<T.Shift>(`${till}/shifts/${id}/count`, body),
  closeShift: (
    id: string,
    body: { nextFloat: string; reason?: string; text?: string; approval?: { token: string } },
    idempotencyKey: string,
  ) => http.post<T.Outcome>(`${till}/shifts/${id}/close`, body, { idempotencyKey }),
  handover: (id: string, body: T.CountRequest & { toUser: string; password: string }, idempotencyKey: string) =>
    http.post<T.Shift>(`${till}/shifts/${id}/handover`, body, { idempotencyKey }),
  openDrawer: (terminalId: string, reason: string) => http.post<void>(`${till}/drawer/open`, { terminalId, reason }),
  voucher: (code: string) => http.get<T.Voucher>(`${till}/vouchers/${encodeURIComponent(code)}`),
  issueVoucher: (body: T.VoucherRequest, idempotencyKey: string) =>
    http.post<T.IssuedVoucher>(`${till}/vouchers`, body, { idempotencyKey }),
  receiptPath: (id: string) => `${till}/${id}/receipt`,
  receiptHtml: (id: string) => http.text(`${till}/${id}/receipt`, { format: 'html' }),
};

const journals = '/books/journals';

export const books = {
  statementPath: (statement: string) => `/books/statements/${statement}`,
  statement: (statement: string, query: T.Query, signal?: AbortSignal) =>
    http.get<T.Statement>(`/books/statements/${statement}`, query, signal),
  entries: (query: T.Query, signal?: AbortSignal) => http.get<T.BookEntries>('/books/statements/entries', query, signal),
  accounts: () => http.get<{ items: T.JournalAccount[] }>(`${journals}/accounts`),
  enter: (body: T.JournalRequest, idempotencyKey: string) => http.post<T.JournalAnswer>(journals, body, { idempotencyKey }),
  change: (id: string, body: T.JournalRequest, version: number | string) =>
    http.post<T.JournalAnswer>(`${journals}/${id}/edit`, body, { version }),
  recurring: () => http.get<{ items: T.RecurringJournal[] }>(`${journals}/recurring`),
  recurringRuns: (id: string) => http.get<{ items: T.RecurringRun[] }>(`${journals}/recurring/${id}/runs`),
  yearPreview: (lastDay: string) => http.get<T.YearEndPreview>('/books/year-end/preview', { lastDay }),
  closeYear: (body: { lastDay: string; text?: string }, idempotencyKey: string) =>
    http.post<T.YearEndAnswer>('/books/year-end', body, { idempotencyKey }),
};

const directory = '/customers/directory';

/** Customers: found, entered, changed, blocked, what they agreed to and what happened with them. */
export const customers = {
  lookup: (q: string, signal?: AbortSignal) => http.get<{ items: T.CustomerHit[] }>(`${directory}/lookup`, { q }, signal),
  overview: (id: string) => http.get<T.CustomerOverview>(`${directory}/${id}/overview`),
  history: (id: string, query: T.Query) => http.get<T.CustomerTimeline>(`${directory}/${id}/history`, query),
  enter: (body: T.CustomerRequest, idempotencyKey: string) => http.post<T.CustomerAnswer>(directory, body, { idempotencyKey }),
  change: (id: string, body: T.CustomerRequest, version: number | string) =>
    http.post<T.CustomerAnswer>(`${directory}/${id}/edit`, body, { version }),
  standing: (id: string, verb: 'block' | 'unblock', body: { reason?: string; text?: string }, idempotencyKey: string) =>
    http.post<T.CustomerAnswer>(`${directory}/${id}/${verb}`, body, { idempotencyKey }),
  consent: (id: string, body: T.ConsentRequest, idempotencyKey: string) =>
    http.post<unknown>(`${directory}/${id}/consents`, body, { idempotencyKey }),
  groups: () => http.get<{ items: T.CustomerGroup[] }>(`${directory}/groups`, { active: true, limit: 200 }),
  attributes: () => http.get<{ items: T.CustomerAttribute[] }>(`${directory}/attributes`, { active: true, limit: 200 }),
};

const segmentRoot = '/customers/segments';

/** Segments: rules over measures, whom they find, and who was in them when. */
export const segments = {
  measures: () => http.get<{ items: T.SegmentMeasure[] }>(`${segmentRoot}/measures`),
  preview: (definition: unknown, signal?: AbortSignal) =>
    http.post<T.SegmentPreview>(`${segmentRoot}/preview`, { definition }, signal ? { signal } : {}),
  enter: (body: T.SegmentRequest, idempotencyKey: string) => http.post<T.SegmentDraft>(segmentRoot, body, { idempotencyKey }),
  change: (id: string, body: T.SegmentRequest, version: number | string) =>
    http.post<T.SegmentDraft>(`${segmentRoot}/${id}/edit`, body, { version }),
  refresh: (id: string, idempotencyKey: string) => http.post<{ workId: string }>(`${segmentRoot}/${id}/refresh`, {}, { idempotencyKey }),
  members: (id: string, query: T.Query) => http.get<T.SegmentMembers>(`${segmentRoot}/${id}/members`, query),
  changes: (id: string) => http.get<T.SegmentChanges>(`${segmentRoot}/${id}/changes`),
};

/** Files beside a document of any function. */
export const attachments = {
  list: (route: string, id: string) => http.get<T.Attachments>(`${route}/${id}/attachments`),
  path: (route: string, id: string, file: string) => `${route}/${id}/attachments/${file}`,
  add: (route: string, id: string, file: File) => http.upload(`${route}/${id}/attachments`, { name: file.name }, file),
  remove: (route: string, id: string, file: string) => http.post<unknown>(`${route}/${id}/attachments/${file}/remove`),
};
