import { useQuery } from '@tanstack/react-query';
import { operations } from '@/api';
import { useAddress } from '@/kit/address';
import { Page } from '@/kit/Page';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import { ActivityRow } from './DashboardView';
import classes from './DashboardView.module.css';
import { Pager } from './FunctionList';

export function Component() {
  const { all } = useAddress();
  const { page: _, ...query } = all;
  const activity = useQuery({
    queryKey: ['activity', query],
    queryFn: () => operations.activity({ limit: 50, ...query }),
    placeholderData: (before) => before,
  });
  return (
    <Page title={pageText.activity.title} sub={pageText.activity.sub} narrow>
      <section className="panel">
        <QueryState query={activity} rows={12}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState title={pageText.activity.empty} />
            ) : (
              <>
                <ul className={classes.rows}>
                  {data.items.map((item, index) => (
                    <ActivityRow key={item.id ?? `${item.at}${index}`} item={item} />
                  ))}
                </ul>
                <Pager next={data.next} total={data.total} />
              </>
            )
          }
        </QueryState>
      </section>
    </Page>
  );
}
