import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { operations } from '@/api';
import { useAddress } from '@/kit/address';
import { humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { hitPath } from '@/kit/search';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import classes from './DashboardView.module.css';

const text = pageText.search;

export function Component() {
  const { get, set } = useAddress();
  const q = get('q') ?? '';
  const later = useDebouncedCallback((value: string) => set({ q: value }, true), 250);
  const hits = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => operations.search(q, signal),
    enabled: q.length >= 2,
    placeholderData: (before) => before,
  });
  return (
    <Page title={text.title} narrow>
      <TextInput
        size="md"
        aria-label={text.label}
        placeholder={text.label}
        leftSection={<IconSearch size={18} />}
        defaultValue={q}
        autoFocus
        onChange={(event) => later(event.currentTarget.value.trim())}
      />
      {q.length < 2 ? (
        <EmptyState title={text.start} />
      ) : (
        <section className="panel">
          <QueryState query={hits}>
            {(data) =>
              data.items.length === 0 ? (
                <EmptyState title={text.empty}>{text.emptyHint}</EmptyState>
              ) : (
                <>
                  <div className="panel-head">
                    <h2>{text.results(data.items.length)}</h2>
                  </div>
                  <ul className={classes.rows}>
                    {data.items.map((hit) => (
                      <li key={`${hit.kind}${hit.id}`}>
                        <Link to={hitPath(hit)} className={`plain ${classes.row}`}>
                          <span className={classes.rowMain}>
                            <span className="strong">{hit.title}</span> <span className="dim">{hit.subtitle}</span>
                          </span>
                          <StatusBadge status={hit.kind} label={humanise(hit.kind)} tone="neutral" />
                        </Link>
                      </li>
                    ))}
                  </ul>
                </>
              )
            }
          </QueryState>
        </section>
      )}
    </Page>
  );
}
