import { Page } from '@/kit/Page';
import { WorkList } from '@/kit/WorkList';
import { workText as text } from '@/messages';

/** The long work that somebody asked for: how far it is, its files, and stopping it. */
export function Component() {
  return (
    <Page title={text.title} sub={text.sub}>
      <section className="panel">
        <WorkList />
      </section>
    </Page>
  );
}
