import { createBrowserRouter, type RouteObject } from 'react-router';
import { RouteError } from './kit/ErrorBoundary';
import { AppFrame } from './kit/shell/AppFrame';
import { Root } from './kit/shell/Root';
import { LoadingState } from './kit/states';

const standardPages: Record<string, () => Promise<object>> = {
  list: () => import('./pages/FunctionList'),
  approvals: () => import('./pages/FunctionApprovals'),
  reports: () => import('./pages/FunctionReports'),
  analytics: () => import('./pages/FunctionAnalytics'),
};

/** Every address of the application. Pages are loaded when first opened. */
const pages: RouteObject[] = [
  { index: true, lazy: () => import('./pages/OperationsDashboard') },
  { path: 'approvals', lazy: () => import('./pages/ApprovalsPage') },
  { path: 'exceptions', lazy: () => import('./pages/ExceptionsPage') },
  { path: 'notices', lazy: () => import('./pages/NoticesPage') },
  { path: 'activity', lazy: () => import('./pages/ActivityPage') },
  { path: 'audit', lazy: () => import('./pages/AuditPage') },
  { path: 'work', lazy: () => import('./pages/WorkPage') },
  { path: 'reports', lazy: () => import('./pages/ReportsPage') },
  { path: 'analytics', lazy: () => import('./pages/AnalyticsPage') },
  { path: 'search', lazy: () => import('./pages/SearchPage') },
  { path: 'start', lazy: () => import('./setup/StartPage') },
  { path: 'account', lazy: () => import('./pages/AccountPage') },
  {
    path: 'admin',
    lazy: () => import('./admin/AdminGate'),
    children: [
      { index: true, lazy: () => import('./admin/AdminHome') },
      { path: 'roles', lazy: () => import('./admin/RolesPage') },
      { path: 'users', lazy: () => import('./admin/UsersPage') },
      { path: 'tokens', lazy: () => import('./admin/TokensPage') },
      { path: 'accounts', lazy: () => import('./admin/AccountsPage') },
      { path: 'accounts/:id', lazy: () => import('./admin/AccountEntriesPage') },
      { path: 'trial-balance', lazy: () => import('./admin/TrialBalancePage') },
      { path: 'jobs', lazy: () => import('./admin/JobsPage') },
      { path: 'imports', lazy: () => import('./admin/ImportsPage') },
      { path: 'exception-rules', lazy: () => import('./admin/ExceptionRulesPage') },
      { path: 'backups', lazy: () => import('./admin/BackupsPage') },
      { path: 'diagnostics', lazy: () => import('./admin/DiagnosticsPage') },
      { path: 'functions', lazy: () => import('./admin/FunctionsPage') },
      { path: 'periods', lazy: () => import('./admin/PeriodsPage') },
      { path: ':resource', lazy: () => import('./admin/ResourcePage') },
    ],
  },
  { path: 'sales/point-of-sale/shifts', lazy: () => import('./modules/sales/point-of-sale/ShiftsPage') },
  { path: 'sales/point-of-sale/shifts/:id', lazy: () => import('./modules/sales/point-of-sale/ShiftPage') },
  { path: 'sales/point-of-sale/shifts/:id/close', lazy: () => import('./modules/sales/point-of-sale/CloseShiftPage') },
  { path: 'sales/point-of-sale/shifts/:id/handover', lazy: () => import('./modules/sales/point-of-sale/HandoverPage') },
  { path: 'sales/point-of-sale/shifts/:id/report', lazy: () => import('./modules/sales/point-of-sale/ShiftReportPage') },
  { path: 'sales/point-of-sale/parked', lazy: () => import('./modules/sales/point-of-sale/ParkedPage') },
  { path: 'sales/point-of-sale/:id/receipt', lazy: () => import('./modules/sales/point-of-sale/ReceiptPage') },
  { path: 'books/statements', lazy: () => import('./modules/books/StatementsPage') },
  { path: 'books/statements/entries', lazy: () => import('./modules/books/FigureEntriesPage') },
  { path: 'books/statements/:statement', lazy: () => import('./modules/books/StatementsPage') },
  { path: 'books/recurring', lazy: () => import('./modules/books/RecurringPage') },
  { path: 'books/journals/new', lazy: () => import('./modules/books/JournalEditorPage') },
  { path: 'books/journals/:id/edit', lazy: () => import('./modules/books/JournalEditorPage') },
  { path: 'books/year-end/new', lazy: () => import('./modules/books/YearEndPage') },
  { path: 'customers/directory/new', lazy: () => import('./modules/customers/CustomerEditorPage') },
  { path: 'customers/directory/find', lazy: () => import('./modules/customers/FindCustomerPage') },
  { path: 'customers/directory/:id', lazy: () => import('./modules/customers/CustomerPage') },
  { path: 'customers/directory/:id/edit', lazy: () => import('./modules/customers/CustomerEditorPage') },
  { path: 'customers/directory/:id/record', lazy: () => import('./pages/DocumentPage') },
  // The pages that every function has come before the customer of the same place in the address.
  ...['list', 'approvals', 'reports', 'analytics'].map((slug) => ({
    path: `customers/directory/${slug}`,
    lazy: standardPages[slug]!,
  })),
  { path: 'customers/segments/new', lazy: () => import('./modules/customers/segments/SegmentEditorPage') },
  { path: 'customers/segments/:id/edit', lazy: () => import('./modules/customers/segments/SegmentEditorPage') },
  { path: 'customers/segments/:id/members', lazy: () => import('./modules/customers/segments/SegmentMembersPage') },
  { path: ':module', lazy: () => import('./pages/ModuleDashboard') },
  { path: ':module/:slug', lazy: () => import('./pages/FunctionDashboard') },
  { path: ':module/:slug/list', lazy: () => import('./pages/FunctionList') },
  { path: ':module/:slug/approvals', lazy: () => import('./pages/FunctionApprovals') },
  { path: ':module/:slug/reports', lazy: () => import('./pages/FunctionReports') },
  { path: ':module/:slug/reports/:report', lazy: () => import('./pages/FunctionReports') },
  { path: ':module/:slug/analytics', lazy: () => import('./pages/FunctionAnalytics') },
  { path: ':module/:slug/:id', lazy: () => import('./pages/DocumentPage') },
];

export const router = createBrowserRouter([
  {
    element: <Root />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <LoadingState rows={8} />,
    children: [
      // The till has the whole screen: nobody looks for the audit trail with a queue in front of them.
      { path: 'sales/point-of-sale/register', lazy: () => import('./modules/sales/point-of-sale/RegisterPage') },
      {
        element: <AppFrame />,
        children: [
          {
            errorElement: <RouteError />,
            children: [...pages, { path: '*', loader: () => Promise.reject(new Response(null, { status: 404 })), element: null }],
          },
        ],
      },
    ],
  },
]);
