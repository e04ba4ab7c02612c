import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { NavLink, useParams } from 'react-router';
import { type DocumentDetail, type FunctionInfo, functions } from '@/api';
import { useAddress } from '@/kit/address';
import { DateText, InstantText, MoneyText } from '@/kit/cells';
import { DocumentTimeline } from '@/kit/DocumentTimeline';
import { humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import pageClasses from '@/kit/Page.module.css';
import { functionPath } from '@/kit/paths';
import { StatusBadge } from '@/kit/StatusBadge';
import { QueryState } from '@/kit/states';
import { commonText, pageText, shellText } from '@/messages';
import { extensionOf } from '@/modules/extensions';
import { ActionDialog } from './ActionDialog';
import { DocumentTables, Sections } from './DocumentBody';
import classes from './DocumentPage.module.css';
import { EntriesView } from './EntriesView';
import { FilesView } from './FilesView';
import { RelatedView } from './RelatedView';
import { useFunction } from './useFunction';

const text = pageText.detail;
const tabs = ['details', 'entries', 'files', 'related', 'timeline'] as const;

/** One document: what it says, what it booked, what it belongs to, what happened to it, and what may be done now. */
export function Component() {
  const { id = '' } = useParams();
  const found = useFunction();
  if ('state' in found) return <Page title={commonText.loading}>{found.state}</Page>;
  return <DocumentLoader key={id} fn={found.fn} moduleName={found.moduleName} id={id} />;
}

function DocumentLoader({ fn, moduleName, id }: { fn: FunctionInfo; moduleName: string; id: string }) {
  const detail = useQuery({ queryKey: [fn.code, 'detail', id], queryFn: () => functions.detail(fn.route, id) });
  const crumbs = [
    { label: moduleName, to: `/${fn.module}` },
    { label: fn.name, to: functionPath(fn) },
    { label: pageText.tabs.list, to: `${functionPath(fn)}/list` },
  ];
  if (detail.data === undefined)
    return (
      <Page title={fn.name} crumbs={crumbs}>
        <div className="panel">
          <QueryState query={detail}>{() => null}</QueryState>
        </div>
      </Page>
    );
  return <DocumentView fn={fn} document={detail.data} crumbs={crumbs} />;
}

function DocumentView({ fn, document, crumbs }: { fn: FunctionInfo; document: DocumentDetail; crumbs: { label: string; to: string }[] }) {
  const client = useQueryClient();
  const { get, params } = useAddress();
  const [action, setAction] = useState<string>();
  const tab = tabs.find((name) => name === get('tab')) ?? 'details';
  const Extra = extensionOf(fn.code)?.documentActions;
  const actions = [...document.actions].sort((a, b) => Number(dangerous(a)) - Number(dangerous(b)));
  const primary = actions.find((name) => !dangerous(name));
  const kind = fn.kinds.find((item) => item.code === document.kind)?.name ?? humanise(document.kind);
  return (
    <Page
      title={document.number || kind}
      crumbs={crumbs}
      mark={
        <>
          <StatusBadge status={document.status} />
          {document.standing && document.standing !== document.status ? <StatusBadge status={document.standing} /> : null}
        </>
      }
      sub={
        <span className={classes.sub}>
          <span>{kind}</span>
          {document.businessDate ? <DateText value={document.businessDate} /> : null}
          {document.branch ? <span>{nameOf(document.branch)}</span> : null}
          {document.party ? <span>{nameOf(document.party)}</span> : null}
        </span>
      }
      actions={
        <>
          <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {text.print}
          </Button>
          {Extra ? (
            <Suspense>
              <Extra document={document} />
            </Suspense>
          ) : null}
          {actions.map((name) => (
            <Button
              key={name}
              variant={name === primary ? 'filled' : 'default'}
              {...(dangerous(name) ? { c: 'var(--p-danger)' } : {})}
              onClick={() => setAction(name)}
            >
              {text.actions[name] ?? humanise(name)}
            </Button>
          ))}
        </>
      }
    >
      <div className={`panel ${classes.facts}`}>
        {document.total === undefined ? null : (
          <div>
            <span className="dim">{commonText.total}</span>
            <span className={classes.total}>
              <MoneyText value={document.total} currency={document.currency} sign />
            </span>
          </div>
        )}
        {document.createdAt ? (
          <div>
            <span className="dim">{text.created(nameOf(document.createdBy))}</span>
            <InstantText value={document.createdAt} />
          </div>
        ) : null}
        <div>
          <span className="dim">{text.version(document.version)}</span>
          {document.note ? <span>{document.note}</span> : null}
        </div>
      </div>
      <nav className={`${pageClasses.tabs} no-print`} aria-label={shellText.sections(document.number ?? kind)}>
        {tabs.map((name) => {
          const search = new URLSearchParams(params);
          if (name === 'details') search.delete('tab');
          else search.set('tab', name);
          return (
            <NavLink
              key={name}
              to={{ search: search.toString() }}
              replace
              className={() => `${pageClasses.tab} ${name === tab ? 'active' : ''}`}
              aria-current={name === tab ? 'page' : undefined}
            >
              {text[name]}
            </NavLink>
          );
        })}
      </nav>
      {tab === 'details' ? (
        <>
          <Sections sections={document.sections} currency={document.currency} />
          <DocumentTables tables={document.tables} currency={document.currency} />
        </>
      ) : tab === 'entries' ? (
        <EntriesView fn={fn} id={document.id} />
      ) : tab === 'files' ? (
        <FilesView fn={fn} document={document} />
      ) : tab === 'related' ? (
        <RelatedView fn={fn} document={document} />
      ) : (
        <TimelineTab fn={fn} id={document.id} />
      )}
      {action ? (
        <ActionDialog
          fn={fn}
          document={document}
          action={action}
          onClose={() => setAction(undefined)}
          onDone={() => {
            setAction(undefined);
            void client.invalidateQueries({ queryKey: [fn.code] });
            void client.invalidateQueries({ queryKey: ['approvals'] });
          }}
        />
      ) : null}
    </Page>
  );
}

function dangerous(action: string): boolean {
  return action === 'reverse' || action === 'cancel' || action === 'reject';
}

function TimelineTab({ fn, id }: { fn: FunctionInfo; id: string }) {
  const timeline = useQuery({ queryKey: [fn.code, 'timeline', id], queryFn: () => functions.timeline(fn.route, id) });
  return (
    <section className="panel">
      <div className="panel-body">
        <QueryState query={timeline}>{(data) => <DocumentTimeline events={data.items} />}</QueryState>
      </div>
    </section>
  );
}
