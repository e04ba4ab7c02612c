import type { SalePreview } from '@/api';
import AuthoriseDialog from './AuthoriseDialog';

const actions = new Set(['discount', 'override-price', 'sell-below-cost', 'sell-negative', 'reverse', 'paid-out', 'variance']);

/** `sales.point-of-sale.override-price` to the action that a second person signs for. */
export function actionOfPermission(permission: string | undefined): string {
  const last = permission?.split('.').at(-1) ?? '';
  return actions.has(last) ? last : 'discount';
}

export function ApprovalStep({
  opened,
  needs,
  terminal,
  onDone,
  onClose,
}: {
  opened: boolean;
  needs: SalePreview['needsApproval'];
  terminal: string;
  onDone: (token: string, by: string) => void;
  onClose: () => void;
}) {
  if (!opened) return null;
  return (
    <AuthoriseDialog
      action={actionOfPermission(needs?.permission)}
      terminalId={terminal}
      roles={needs?.roles}
      reason={needs?.reason}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
