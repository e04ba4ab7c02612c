import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { operations } from '@/api';
import { useAddress } from '@/kit/address';
import { Page } from '@/kit/Page';
import { NoticeRow } from '@/kit/shell/NoticeRow';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import classes from './DashboardView.module.css';

const text = pageText.notices;

/** All that one was told, the latest first. */
export function Component() {
  const { get, set } = useAddress();
  const client = useQueryClient();
  const unread = get('show') === 'unread';
  const notices = useInfiniteQuery({
    queryKey: ['notices', 'page', unread],
    queryFn: ({ pageParam }) => operations.notices({ unread: unread ? 'true' : undefined, limit: 50, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const readAll = useMutation({
    mutationFn: () => operations.readNotices(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notices'] }),
  });
  const items = notices.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={text.title}
      sub={text.sub}
      narrow
      actions={
        (notices.data?.pages[0]?.unread ?? 0) > 0 ? (
          <Button variant="default" loading={readAll.isPending} onClick={() => readAll.mutate()}>
            {text.markAll}
          </Button>
        ) : undefined
      }
    >
      <section className="panel">
        <div className="panel-head">
          <SegmentedControl
            aria-label={text.show}
            value={unread ? 'unread' : 'all'}
            onChange={(value) => set({ show: value === 'all' ? undefined : value })}
            data={[
              { value: 'all', label: text.all },
              { value: 'unread', label: text.unread },
            ]}
          />
        </div>
        <QueryState query={notices} rows={8}>
          {() =>
            items.length === 0 ? (
              <EmptyState title={unread ? text.empty : text.emptyAll}>{text.emptyHint}</EmptyState>
            ) : (
              <ul className={classes.rows}>
                {items.map((notice) => (
                  <NoticeRow key={notice.id} notice={notice} />
                ))}
              </ul>
            )
          }
        </QueryState>
        {notices.hasNextPage ? (
          <div className="panel-body">
            <Button variant="default" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
              {text.older}
            </Button>
          </div>
        ) : null}
      </section>
    </Page>
  );
}
