import { Alert, Anchor, Button, Chip, Group } from '@mantine/core';
import { IconCheckbox, IconFileText, IconLock, IconLockOpen, IconPencil } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { asProblem, type CustomerOverview, customers, uuid7 } from '@/api';
import { CellValue, DateText, InstantText, MoneyText } from '@/kit/cells';
import { ReasonDialog } from '@/kit/dialogs';
import { formatDate, humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { documentPath } from '@/kit/paths';
import { StatusBadge } from '@/kit/StatusBadge';
import { findFunction, useMeta } from '@/kit/session';
import { EmptyState, ErrorState, LoadingState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { customerText } from '@/messages';
import { Component as DocumentPage } from '@/pages/DocumentPage';
import { ConsentDialog } from './ConsentDialog';
import classes from './customers.module.css';

const text = customerText.page;
const crumbs = [
  { label: customerText.module, to: '/customers' },
  { label: customerText.directory, to: '/customers/directory/list' },
];

/** All of a customer on one page; a draft, a change, a block and a consent have the page of every document. */
export function Component() {
  const { id = '' } = useParams();
  const overview = useQuery({ queryKey: ['customers', 'overview', id], queryFn: () => customers.overview(id), retry: false });
  useKeys(overview.data?.id, overview.data?.actions.includes('edit') ?? false);
  if (overview.data !== undefined)
    return ['posted', 'closed'].includes(overview.data.status) ? <Overview key={id} found={overview.data} /> : <DocumentPage />;
  if (overview.isError && asProblem(overview.error).code === 'DIRECTORY_UNKNOWN') return <DocumentPage />;
  return (
    <Page title={customerText.directory} crumbs={crumbs}>
      <div className="panel">
        {overview.isError ? <ErrorState error={overview.error} retry={() => void overview.refetch()} /> : <LoadingState rows={8} />}
      </div>
    </Page>
  );
}

/** `/` finds, `N` enters a new one, `E` changes, `Esc` goes back; not while somebody types. */
function useKeys(id: string | undefined, mayEdit: boolean) {
  const navigate = useNavigate();
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [role="dialog"], [contenteditable]'))
        return;
      if (event.key === '/') navigate('/customers/directory/find');
      else if (event.key.toLowerCase() === 'n') navigate('/customers/directory/new');
      else if (event.key.toLowerCase() === 'e' && id && mayEdit) navigate(`/customers/directory/${id}/edit`);
      else if (event.key === 'Escape') navigate('/customers/directory/list');
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [navigate, id, mayEdit]);
}

function Overview({ found }: { found: CustomerOverview }) {
  return (
    <Page
      title={found.name || (found.number ?? '')}
      crumbs={crumbs}
      mark={<StatusBadge status={found.standing} />}
      sub={<span className="dim small">{text.keys}</span>}
      actions={<Actions found={found} />}
    >
      <Banners found={found} />
      <div className={classes.columns}>
        <div className={classes.side}>
          <Identity found={found} />
          <Consents found={found} />
        </div>
        <Timeline id={found.id} />
        <Figures found={found} />
      </div>
    </Page>
  );
}

function Banners({ found }: { found: CustomerOverview }) {
  const banner =
    found.standing === 'blocked'
      ? { color: 'red', text: found.blockedFor ? text.blocked(found.blockedFor) : text.blockedPlain }
      : found.standing === 'erased'
        ? { color: 'gray', text: text.erased }
        : found.standing === 'retired'
          ? { color: 'gray', text: text.retired }
          : undefined;
  return (
    <>
      {banner ? <Alert color={banner.color}>{banner.text}</Alert> : null}
      {found.askedId === found.id ? null : <Alert color="blue">{text.merged}</Alert>}
      {found.pendingChange ? (
        <Alert color="yellow">
          {text.pending}{' '}
          <Anchor component={Link} to={`/customers/directory/${found.pendingChange}`} inherit underline="always" c="inherit">
            {text.seePending}
          </Anchor>
        </Alert>
      ) : null}
    </>
  );
}

function Actions({ found }: { found: CustomerOverview }) {
  const client = useQueryClient();
  const meta = useMeta();
  const fn = findFunction(meta.data, 'customers', 'directory');
  const [asking, setAsking] = useState<'block' | 'unblock' | 'consent'>();
  const verb = asking === 'unblock' ? 'unblock' : 'block';
  const standing = useMutation({
    mutationFn: (body: { reason?: string; text?: string }) => customers.standing(found.id, verb, body, uuid7()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['customers'] });
      void client.invalidateQueries({ queryKey: ['customers.directory'] });
      toastDone(verb === 'block' ? text.blockedDone : text.unblockedDone);
      setAsking(undefined);
    },
  });
  const may = (action: string) => found.actions.includes(action);
  return (
    <Group gap="xs">
      <Button component={Link} to={`/customers/directory/${found.id}/record`} variant="default" leftSection={<IconFileText size={16} />}>
        {text.record}
      </Button>
      {may('consent') ? (
        <Button variant="default" leftSection={<IconCheckbox size={16} />} onClick={() => setAsking('consent')}>
          {text.consent}
        </Button>
      ) : null}
      {may('block') ? (
        <Button variant="default" leftSection={<IconLock size={16} />} onClick={() => setAsking('block')}>
          {text.block}
        </Button>
      ) : null}
      {may('unblock') ? (
        <Button variant="default" leftSection={<IconLockOpen size={16} />} onClick={() => setAsking('unblock')}>
          {text.unblock}
        </Button>
      ) : null}
      {may('edit') ? (
        <Button component={Link} to={`/customers/directory/${found.id}/edit`} leftSection={<IconPencil size={16} />}>
          {text.edit}
        </Button>
      ) : null}
      <ReasonDialog
        opened={asking === 'block' || asking === 'unblock'}
        title={verb === 'block' ? text.blockTitle(found.name) : text.unblockTitle(found.name)}
        confirmLabel={verb === 'block' ? text.block : text.unblock}
        danger={verb === 'block'}
        reasons={fn?.reasons?.[verb]}
        busy={standing.isPending}
        error={standing.error}
        onClose={() => setAsking(undefined)}
        onConfirm={(answer) => standing.mutate(answer)}
      >
        {verb === 'block' ? text.blockHint : text.unblockHint}
      </ReasonDialog>
      <ConsentDialog id={found.id} opened={asking === 'consent'} onClose={() => setAsking(undefined)} />
    </Group>
  );
}

function Identity({ found }: { found: CustomerOverview }) {
  const data = found.customer;
  const pairs: [string, React.ReactNode][] = [
    [
      text.number,
      <span key="n" className="mono">
        {found.number ?? '–'}
      </span>,
    ],
    ...(data
      ? ([
          [text.since, <DateText key="d" value={data.acquiredOn} />],
          [text.born, data.birthDate ? <DateText key="b" value={data.birthDate} /> : null],
          [text.tax, data.taxId ? `${data.taxCountry ?? ''} ${data.taxId}`.trim() : null],
          [text.language, data.languageCode],
          [text.group, data.customerGroup],
          [text.terms, data.paymentTermsCode],
          [text.rep, data.salesRep],
          [text.parent, data.parent],
        ] as [string, React.ReactNode][])
      : []),
    [text.completeness, `${found.completeness} %`],
    ...(found.aliases.length > 0
      ? [[text.aliases, found.aliases.map((alias) => `${alias.number} ${alias.name}`).join(', ')] as [string, React.ReactNode]]
      : []),
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.identity}</h2>
      </div>
      <dl className={classes.list}>
        {pairs
          .filter(([, value]) => value !== null && value !== undefined && value !== '')
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {(data?.contactPoints ?? []).map((point, at) => (
          <div key={`${point.type}${at}`}>
            <dt>
              {customerText.editor.contactTypes[point.type]} · {customerText.editor.purposes[point.purpose] ?? humanise(point.purpose)}
              {point.verifiedAt ? ` · ${text.verified}` : ''}
            </dt>
            <dd>
              {point.value}
              {point.person ? <span className="dim"> {point.person}</span> : null}
            </dd>
          </div>
        ))}
        {data && !data.personal ? <p className="dim small">{text.notPersonal}</p> : null}
      </dl>
    </section>
  );
}

function Consents({ found }: { found: CustomerOverview }) {
  const consent = customerText.consent;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.consents}</h2>
      </div>
      {found.consents.length === 0 ? (
        <p className={`${classes.list} dim`}>{text.noConsents}</p>
      ) : (
        <ul className={classes.list}>
          {found.consents.map((one) => (
            <li key={`${one.purpose}${one.channel}`} className={classes.entry}>
              <span>
                {consent.purposes[one.purpose]} · {consent.channels[one.channel]}
              </span>
              <StatusBadge
                status={one.holds ? 'active' : one.granted ? 'expired' : 'cancelled'}
                label={one.holds ? text.holds : one.granted ? text.expired : text.withdrawn}
              />
              {one.expiresOn ? <span className="dim small">{text.until(formatDate(one.expiresOn))}</span> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Figures({ found }: { found: CustomerOverview }) {
  if (found.cards.length === 0) return null;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.balances}</h2>
      </div>
      <dl className={classes.list}>
        {found.cards.map((card) => (
          <div key={card.key}>
            <dt>{card.label}</dt>
            <dd className={classes.figure}>
              {card.type === 'money' ? (
                <MoneyText value={card.value} currency={card.currency ?? undefined} />
              ) : (
                <CellValue value={card.value} type={card.type as 'text'} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const modules = ['sales', 'customers', 'books', 'services', 'finance'];

function Timeline({ id }: { id: string }) {
  const meta = useMeta();
  const [module, setModule] = useState('');
  const pages = useInfiniteQuery({
    queryKey: ['customers', 'history', id, module],
    queryFn: ({ pageParam }) =>
      customers.history(id, { limit: 30, ...(module ? { functions: module } : {}), ...(pageParam ? { after: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const offered = (meta.data?.modules ?? []).filter((one) => modules.includes(one.code));
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.timeline}</h2>
      </div>
      <Chip.Group value={module} onChange={(value) => setModule(String(value))}>
        <div className={classes.chips}>
          <Chip value="" size="xs">
            {text.all}
          </Chip>
          {offered.map((one) => (
            <Chip key={one.code} value={one.code} size="xs">
              {one.name}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      <QueryState query={pages}>
        {() =>
          items.length === 0 ? (
            <EmptyState title={text.empty} />
          ) : (
            <ol className={classes.timeline}>
              {items.map((item) => (
                <li key={item.id}>
                  <span className={classes.entry}>
                    <DateText value={item.date} />
                    <Anchor
                      component={Link}
                      to={
                        item.function === 'customers.directory' && item.kind === 'customer'
                          ? `/customers/directory/${item.id}/record`
                          : documentPath(item.function, item.id)
                      }
                      inherit
                    >
                      {item.kindName} {item.number ?? ''}
                    </Anchor>
                    <StatusBadge status={item.status} />
                    {item.total ? <MoneyText value={item.total} currency={item.currency ?? undefined} /> : null}
                    <span className="dim">{item.branch}</span>
                  </span>
                  {item.events.slice(-1).map((step) => (
                    <span key={step.at} className="dim small">
                      {humanise(step.action)} · {step.user} · <InstantText value={step.at} />
                      {step.text ? ` · ${step.text}` : ''}
                    </span>
                  ))}
                </li>
              ))}
            </ol>
          )
        }
      </QueryState>
      {pages.hasNextPage ? (
        <div className={classes.bar}>
          <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
            {text.more}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
