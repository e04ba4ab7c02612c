import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { DocumentDetail } from '@/api';
import { bookText, customerText, tillText } from '@/messages';

/** What a function has beyond the pages that its description draws. */
export interface FunctionExtension {
  tabs?: { slug: string; label: string }[];
  /** Buttons beside those of the lifecycle on a document of this function. */
  documentActions?: LazyExoticComponent<ComponentType<{ document: DocumentDetail }>>;
  /** Asks a second person on the spot; answers the approval token that a refused action may then carry. */
  authorise?: LazyExoticComponent<ComponentType<AuthoriseShape>>;
}

export interface AuthoriseShape {
  action: string;
  terminalId: string;
  roles?: string[] | undefined;
  reason?: string | undefined;
  onDone: (token: string, by: string) => void;
  onClose: () => void;
}

const extensions: Record<string, FunctionExtension> = {
  'sales.point-of-sale': {
    tabs: [
      { slug: 'register', label: tillText.tabs.register },
      { slug: 'shifts', label: tillText.tabs.shifts },
    ],
    documentActions: lazy(() => import('./sales/point-of-sale/ReceiptActions')),
    authorise: lazy(() => import('./sales/point-of-sale/AuthoriseDialog')),
  },
  'customers.directory': {
    tabs: [{ slug: 'find', label: customerText.tabs.find }],
    documentActions: lazy(() => import('./customers/CustomerActions')),
  },
  'customers.segments': { documentActions: lazy(() => import('./customers/segments/SegmentActions')) },
  'books.journals': { documentActions: lazy(() => import('./books/JournalActions')) },
};

/** Pages of a module that belong to none of its functions, for its part of the navigation. */
const modulePages: Record<string, { to: string; label: string; permission: string }[]> = {
  books: [
    { to: '/books/statements', label: bookText.nav, permission: 'books.journals.statements' },
    { to: '/books/recurring', label: bookText.recurring.title, permission: 'books.journals.view' },
  ],
};

export function pagesOfModule(module: string) {
  return modulePages[module] ?? [];
}

export function extensionOf(functionCode: string): FunctionExtension | undefined {
  return extensions[functionCode];
}
