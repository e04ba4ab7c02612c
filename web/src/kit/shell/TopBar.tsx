import {
  ActionIcon,
  Burger,
  Indicator,
  Menu,
  Popover,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import {
  IconBell,
  IconBuildingStore,
  IconCashRegister,
  IconChecks,
  IconChevronDown,
  IconCloudOff,
  IconKey,
  IconLogout,
  IconMoon,
  IconProgress,
  IconSearch,
  IconSun,
  IconWifi,
} from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { pageText, shellText, workText } from '@/messages';
import { InstantText } from '../cells';
import { formatTime } from '../format';
import { documentPath } from '../paths';
import { StatusBadge } from '../StatusBadge';
import { useSession } from '../session';
import { Brand } from './Brand';
import { NoticeRow } from './NoticeRow';
import classes from './TopBar.module.css';
import { useNotices, useOpenExceptions, useOpenShift, useWaitingApprovals } from './useShell';

export function TopBar({ online, menuOpened, onMenu }: { online: boolean; menuOpened: boolean; onMenu: () => void }) {
  return (
    <div className={classes.bar}>
      <Burger className={classes.burger} opened={menuOpened} onClick={onMenu} size="sm" aria-label={shellText.openNavigation} />
      <Link to="/" className={`plain ${classes.brand}`} aria-label={`${shellText.brand} ${shellText.product}`}>
        <Brand />
      </Link>
      <BranchSwitcher />
      <ShiftMark />
      <button type="button" className={classes.search} onClick={() => spotlight.open()} aria-keyshortcuts="Control+K">
        <IconSearch size={16} aria-hidden="true" />
        <span className={classes.searchText}>{shellText.search}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className={classes.tools}>
        <Connectivity online={online} />
        <ApprovalsBadge />
        <Notifications />
        <ThemeSwitch />
        <UserMenu />
      </div>
    </div>
  );
}

function BranchSwitcher() {
  const { session, branch, chooseBranch } = useSession();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.pill}>
          <span className="visually-hidden">{shellText.branch} </span>
          <IconBuildingStore size={16} aria-hidden="true" />
          <span className={classes.pillText}>{branch.name}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{shellText.branch}</Menu.Label>
        {session.branches.map((item) => (
          <Menu.Item
            key={item.code}
            onClick={() => chooseBranch(item.code)}
            rightSection={<span className="dim small">{item.code}</span>}
            aria-current={item.code === branch.code}
            fw={item.code === branch.code ? 600 : 400}
          >
            {item.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ShiftMark() {
  const { can } = useSession();
  const { terminal, known } = useOpenShift();
  if (!can('sales.point-of-sale.view') || !known) return null;
  const shift = terminal?.shift;
  return (
    <Link
      to={shift ? `/sales/point-of-sale/shifts/${shift.id}` : '/sales/point-of-sale/register'}
      className={`plain ${classes.pill} ${classes.shift}`}
    >
      <IconCashRegister size={16} aria-hidden="true" />
      <span className={classes.pillText}>{shift ? shellText.shift(shift.number, formatTime(shift.openedAt)) : shellText.noShift}</span>
    </Link>
  );
}

function Connectivity({ online }: { online: boolean }) {
  return (
    <Tooltip label={online ? shellText.online : shellText.offline}>
      <span className={classes.connection} data-online={online} role="status">
        {online ? <IconWifi size={18} aria-hidden="true" /> : <IconCloudOff size={18} aria-hidden="true" />}
        <span className={online ? 'visually-hidden' : classes.connectionText}>{online ? shellText.online : shellText.offline}</span>
      </span>
    </Tooltip>
  );
}

function ApprovalsBadge() {
  const waiting = useWaitingApprovals().data?.items.filter((item) => item.mayDecide !== false).length ?? 0;
  return (
    <Tooltip label={shellText.approvals(waiting)}>
      <ActionIcon
        component={Link}
        to="/approvals"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={shellText.approvals(waiting)}
        className={classes.onlyWide}
      >
        <Indicator
          label={waiting > 99 ? '99+' : waiting}
          size={16}
          disabled={waiting === 0}
          offset={2}
          classNames={{ indicator: classes.indicator ?? '' }}
        >
          <IconChecks size={20} stroke={1.7} />
        </Indicator>
      </ActionIcon>
    </Tooltip>
  );
}

function Notifications() {
  const exceptions = useOpenExceptions().data?.items ?? [];
  const notices = useNotices().data;
  const count = notices?.unread ?? 0;
  const text = pageText.notices;
  return (
    <Popover position="bottom-end" shadow="md" width={380} trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={shellText.notifications(count)}>
          <Indicator
            label={count > 99 ? '99+' : count}
            size={16}
            disabled={count === 0}
            offset={2}
            classNames={{ indicator: classes.indicator ?? '' }}
          >
            <IconBell size={20} stroke={1.7} />
          </Indicator>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className="panel-head">
          <h2>{text.title}</h2>
          <Link to="/notices">{text.seeAll}</Link>
        </div>
        {count + exceptions.length === 0 ? <p className={classes.quiet}>{shellText.notificationsEmpty}</p> : null}
        <ul className={classes.feed}>
          {(notices?.items ?? []).slice(0, 8).map((notice) => (
            <NoticeRow key={notice.id} notice={notice} />
          ))}
          {exceptions.slice(0, 5).map((item) => (
            <li key={item.id}>
              <Link
                to={item.document && item.function ? documentPath(item.function, item.document.id) : `/exceptions?open=${item.id}`}
                className="plain"
              >
                <span className={classes.feedHead}>
                  <StatusBadge status={item.severity} />
                  <InstantText value={item.raisedAt} ago />
                </span>
                {item.message}
              </Link>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function ThemeSwitch() {
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  return (
    <Tooltip label={shellText.toggleTheme}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={shellText.toggleTheme}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
        className={classes.onlyWide}
      >
        {scheme === 'dark' ? <IconSun size={20} stroke={1.7} /> : <IconMoon size={20} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu() {
  const { session, signOut } = useSession();
  const navigate = useNavigate();
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const initials = session.user.name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
    .toUpperCase();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.avatar}>
          <span className="visually-hidden">{shellText.user(session.user.name)}</span>
          <span aria-hidden="true">{initials}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <div className="strong">{session.user.name}</div>
          <div>{session.roles.join(', ')}</div>
        </Menu.Label>
        <Menu.Item leftSection={<IconProgress size={16} />} onClick={() => navigate('/work')}>
          {workText.title}
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => navigate('/account')}>
          {shellText.password}
        </Menu.Item>
        <Menu.Item
          leftSection={scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
          onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
        >
          {scheme === 'dark' ? shellText.lightTheme : shellText.darkTheme}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {shellText.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
