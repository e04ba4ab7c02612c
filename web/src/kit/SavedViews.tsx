import { ActionIcon, Button, Group, Menu, Modal, Select, Stack, TextInput } from '@mantine/core';
import { IconBookmark, IconCalendarTime, IconDots, IconStarFilled } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { reports, type SavedView } from '@/api';
import { commonText, reportText } from '@/messages';
import { useAddress } from './address';
import { ConfirmDialog } from './dialogs';
import classes from './FilterBar.module.css';
import { ProblemNotice } from './ProblemNotice';
import { ScheduleDialog } from './ScheduleDialog';
import { useSession } from './session';
import { toastDone } from './toast';

const text = reportText.views;

/** What the address says of a page, without what only moves through its rows. */
export function keptQuery(params: URLSearchParams): string {
  const kept = new URLSearchParams(params);
  kept.delete('after');
  kept.delete('page');
  kept.sort();
  return kept.toString();
}

const sameQuery = (left: string, right: string) => keptQuery(new URLSearchParams(left)) === keptQuery(new URLSearchParams(right));

/** The views that somebody keeps of this page and those shared with them; the one they chose opens with the page. */
export function SavedViews({ schedulable = false }: { schedulable?: boolean }) {
  const { pathname } = useLocation();
  const { params } = useAddress();
  const { can } = useSession();
  const navigate = useNavigate();
  const views = useQuery({ queryKey: ['views', pathname], queryFn: () => reports.views(pathname), staleTime: 60_000 });
  const [asked, setAsked] = useState<{ what: 'rename' | 'share' | 'remove'; view: SavedView }>();
  const [scheduling, setScheduling] = useState(false);
  const [name, setName] = useState('');
  const query = keptQuery(params);
  const items = views.data?.items ?? [];
  const shown = items.find((view) => sameQuery(view.query, query));
  // The view that was opened last: what is set differently since can be saved to it.
  const [opened, setOpened] = useState<string>();
  const changed = items.find((view) => view.id === opened && view.mine && !sameQuery(view.query, query));

  const first = items.find((view) => view.isDefault);
  const [settled, setSettled] = useState<string>();
  useEffect(() => {
    if (views.data === undefined || settled === pathname) return;
    setSettled(pathname);
    if (first && query === '') navigate({ search: first.query }, { replace: true });
  }, [views.data, settled, pathname, first, query, navigate]);

  const change = useViewChange();
  const groups = [
    { label: text.mine, views: items.filter((view) => view.mine) },
    { label: text.shared, views: items.filter((view) => !view.mine) },
  ].filter((group) => group.views.length > 0);
  return (
    <>
      <Menu position="bottom-end" width={320} closeOnItemClick={false}>
        <Menu.Target>
          <Button variant="subtle" color="gray" leftSection={<IconBookmark size={16} />}>
            {shown ? shown.name : text.button}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {groups.length === 0 ? <Menu.Label>{text.none}</Menu.Label> : null}
          {groups.map((group) => (
            <div key={group.label}>
              <Menu.Label>{group.label}</Menu.Label>
              {group.views.map((view) => (
                <Group key={view.id} gap={2} wrap="nowrap">
                  <Menu.Item
                    closeMenuOnClick
                    aria-current={view === shown}
                    rightSection={view.isDefault ? <IconStarFilled size={13} aria-label={text.isDefault} /> : null}
                    onClick={() => {
                      setOpened(view.id);
                      navigate({ search: view.query });
                    }}
                  >
                    {view.name}
                    <span className="dim">
                      {view.mine ? (view.role ? ` ${text.sharedWith(view.role)}` : '') : ` ${text.by(view.owner)}`}
                    </span>
                  </Menu.Item>
                  <ViewActions
                    view={view}
                    mayShare={can('kernel.views.share')}
                    onAsk={(what) => setAsked({ what, view })}
                    onDefault={() => change.mutate({ what: 'default', view, on: !view.isDefault })}
                  />
                </Group>
              ))}
            </div>
          ))}
          <Menu.Divider />
          {changed ? (
            <Menu.Item closeMenuOnClick onClick={() => change.mutate({ what: 'query', view: changed, query })}>
              {text.update(changed.name)}
            </Menu.Item>
          ) : null}
          <form
            className={classes.saveView}
            onSubmit={(event) => {
              event.preventDefault();
              const label = name.trim();
              if (label === '') return;
              change.mutate({ what: 'save', page: pathname, name: label, query }, { onSuccess: () => setName('') });
            }}
          >
            <TextInput
              size="xs"
              aria-label={text.name}
              placeholder={text.name}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={100}
            />
            <Button type="submit" size="xs" variant="default" loading={change.isPending}>
              {text.save}
            </Button>
          </form>
          {change.isError ? <ProblemNotice error={change.error} /> : null}
          {schedulable && can('kernel.reports.schedule') ? (
            <Menu.Item closeMenuOnClick leftSection={<IconCalendarTime size={16} />} onClick={() => setScheduling(true)}>
              {text.schedule}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {asked?.what === 'remove' ? (
        <ConfirmDialog
          opened
          danger
          title={text.removeTitle(asked.view.name)}
          confirmLabel={text.remove}
          busy={change.isPending}
          error={change.error}
          onClose={() => setAsked(undefined)}
          onConfirm={() => change.mutate({ what: 'remove', view: asked.view }, { onSuccess: () => setAsked(undefined) })}
        >
          {text.removeText}
        </ConfirmDialog>
      ) : null}
      {asked && asked.what !== 'remove' ? <ViewDialog what={asked.what} view={asked.view} onClose={() => setAsked(undefined)} /> : null}
      {scheduling ? (
        <ScheduleDialog
          page={pathname}
          query={query}
          {...(shown ? { viewId: shown.id, name: shown.name } : {})}
          onClose={() => setScheduling(false)}
        />
      ) : null}
    </>
  );
}

type ViewChange =
  | { what: 'save'; page: string; name: string; query: string }
  | { what: 'query'; view: SavedView; query: string }
  | { what: 'rename'; view: SavedView; name: string }
  | { what: 'share'; view: SavedView; role: string }
  | { what: 'default'; view: SavedView; on: boolean }
  | { what: 'remove'; view: SavedView };

function useViewChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ViewChange) => {
      switch (change.what) {
        case 'save':
          return reports.saveView({ name: change.name, page: change.page, query: change.query });
        case 'default':
          return reports.defaultView(change.view.id, change.on);
        case 'remove':
          return reports.deleteView(change.view.id);
        default: {
          const body =
            change.what === 'query' ? { query: change.query } : change.what === 'rename' ? { name: change.name } : { role: change.role };
          return reports.changeView(change.view.id, body, change.view.version);
        }
      }
    },
    onSuccess: (view, change) => {
      toastDone(change.what === 'remove' ? text.removed(view.name) : text.saved(view.name));
      void client.invalidateQueries({ queryKey: ['views'] });
    },
  });
}

function ViewActions({
  view,
  mayShare,
  onAsk,
  onDefault,
}: {
  view: SavedView;
  mayShare: boolean;
  onAsk: (what: 'rename' | 'share' | 'remove') => void;
  onDefault: () => void;
}) {
  return (
    <Menu position="right-start" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={text.actions(view.name)}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onDefault}>{view.isDefault ? text.noDefault : text.makeDefault}</Menu.Item>
        {view.mine ? <Menu.Item onClick={() => onAsk('rename')}>{text.rename}</Menu.Item> : null}
        {view.mine && mayShare ? <Menu.Item onClick={() => onAsk('share')}>{text.share}</Menu.Item> : null}
        {view.mine ? (
          <Menu.Item color="red" onClick={() => onAsk('remove')}>
            {text.remove}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function ViewDialog({ what, view, onClose }: { what: 'rename' | 'share'; view: SavedView; onClose: () => void }) {
  const { session } = useSession();
  const [value, setValue] = useState(what === 'rename' ? view.name : (view.role ?? ''));
  const change = useViewChange();
  const roles = [...new Set([...session.roles, ...(view.role ? [view.role] : [])])];
  return (
    <Modal opened onClose={onClose} title={what === 'rename' ? text.rename : text.share}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const next: ViewChange = what === 'rename' ? { what, view, name: value } : { what, view, role: value };
          change.mutate(next, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          {what === 'rename' ? (
            <TextInput
              label={text.name}
              value={value}
              maxLength={100}
              required
              onChange={(event) => setValue(event.currentTarget.value)}
              data-autofocus
            />
          ) : (
            <Select
              label={text.role}
              placeholder={text.nobody}
              clearable
              searchable
              data={roles}
              value={value === '' ? null : value}
              onChange={(role) => setValue(role ?? '')}
              data-autofocus
            />
          )}
          <ProblemNotice error={change.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {commonText.cancel}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {commonText.apply}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
