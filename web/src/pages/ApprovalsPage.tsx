import { Page } from '@/kit/Page';
import { pageText } from '@/messages';
import { ApprovalsView } from './ApprovalsView';

export function Component() {
  return (
    <Page title={pageText.approvals.title} sub={pageText.approvals.sub}>
      <ApprovalsView />
    </Page>
  );
}
