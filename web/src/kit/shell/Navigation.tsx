import { ActionIcon, Collapse, ScrollArea, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconChartLine,
  IconChecks,
  IconChevronDown,
  IconHistory,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconReport,
  IconReportMoney,
  IconSettings,
  IconShieldCheck,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router';
import { adminPages } from '@/admin/pages';
import type { ModuleInfo } from '@/api';
import { shellText } from '@/messages';
import { pagesOfModule } from '@/modules/extensions';
import { functionPath } from '../paths';
import { useMeta, useSession } from '../session';
import { functionIcon, moduleIcon } from './icons';
import classes from './Navigation.module.css';
import { useOpenExceptions, useWaitingApprovals } from './useShell';

/** What the user may see, by module; collapsed it is a column of icons with names on hover and focus. */
export function Navigation({ collapsed, onCollapse }: { collapsed: boolean; onCollapse: () => void }) {
  const { can } = useSession();
  const modules = useMeta().data?.modules ?? [];
  const approvals = useWaitingApprovals().data?.items.filter((item) => item.mayDecide !== false).length;
  const exceptions = useOpenExceptions().data;
  const exceptionCount = exceptions?.total ?? exceptions?.items.length;
  const text = shellText.nav;
  return (
    <>
      <ScrollArea className={classes.scroll} type="scroll" scrollbarSize={6}>
        <ul className={classes.list}>
          <Item to="/" end icon={IconLayoutDashboard} label={text.operations} collapsed={collapsed} />
          <Item to="/approvals" icon={IconChecks} label={text.approvals} collapsed={collapsed} count={approvals} />
          <Item to="/exceptions" icon={IconAlertTriangle} label={text.exceptions} collapsed={collapsed} count={exceptionCount} />
          <Item to="/reports" icon={IconReport} label={text.reports} collapsed={collapsed} />
          <Item to="/analytics" icon={IconChartLine} label={text.analytics} collapsed={collapsed} />
          <Item to="/activity" icon={IconHistory} label={text.activity} collapsed={collapsed} />
        </ul>
        {modules.map((module) => (
          <ModuleGroup key={module.code} module={module} collapsed={collapsed} />
        ))}
        <ul className={`${classes.list} ${classes.foot}`}>
          {can('kernel.audit.view') ? <Item to="/audit" icon={IconShieldCheck} label={text.audit} collapsed={collapsed} /> : null}
          {adminPages.some((page) => can(page.permission)) ? (
            <Item to="/admin" icon={IconSettings} label={text.administration} collapsed={collapsed} />
          ) : null}
        </ul>
      </ScrollArea>
      <div className={classes.collapse}>
        <Tooltip label={collapsed ? shellText.expand : shellText.collapse} position="right">
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={onCollapse}
            aria-label={collapsed ? shellText.expand : shellText.collapse}
            aria-expanded={!collapsed}
          >
            {collapsed ? <IconLayoutSidebarLeftExpand size={18} /> : <IconLayoutSidebarLeftCollapse size={18} />}
          </ActionIcon>
        </Tooltip>
      </div>
    </>
  );
}

function ModuleGroup({ module, collapsed }: { module: ModuleInfo; collapsed: boolean }) {
  const [opened, setOpened] = useLocalStorage({ key: `plug1:nav:${module.code}`, defaultValue: true });
  const inside = useLocation().pathname.startsWith(`/${module.code}`);
  const { can } = useSession();
  const items = [
    ...module.functions.map((fn) => (
      <Item key={fn.code} to={functionPath(fn)} icon={functionIcon(fn.code)} label={fn.name} collapsed={collapsed} />
    )),
    ...pagesOfModule(module.code)
      .filter((page) => can(page.permission))
      .map((page) => <Item key={page.to} to={page.to} icon={IconReportMoney} label={page.label} collapsed={collapsed} />),
  ];
  if (collapsed)
    return (
      <ul className={`${classes.list} ${classes.group}`}>
        <Item to={`/${module.code}`} end icon={moduleIcon(module.code)} label={module.name} collapsed />
        {items}
      </ul>
    );
  return (
    <div className={classes.group}>
      <div className={classes.groupHead}>
        <NavLink to={`/${module.code}`} end className={classes.groupName}>
          {module.name}
        </NavLink>
        <ActionIcon
          variant="transparent"
          color="gray"
          size={26}
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
          aria-label={module.name}
        >
          <IconChevronDown size={14} style={{ transform: opened ? undefined : 'rotate(-90deg)' }} />
        </ActionIcon>
      </div>
      <Collapse expanded={opened || inside} transitionDuration={100}>
        <ul className={classes.list}>{items}</ul>
      </Collapse>
    </div>
  );
}

function Item({
  to,
  end = false,
  icon: Icon,
  label,
  collapsed,
  count,
}: {
  to: string;
  end?: boolean;
  icon: ComponentType<{ size?: number | string; stroke?: number; 'aria-hidden'?: boolean }>;
  label: string;
  collapsed: boolean;
  count?: number | undefined;
}): ReactNode {
  const link = (
    <NavLink to={to} end={end} className={classes.item} data-collapsed={collapsed} aria-label={collapsed ? label : undefined}>
      <Icon size={18} stroke={1.7} aria-hidden />
      {collapsed ? null : <span className="ellipsis">{label}</span>}
      {count ? <span className={classes.count}>{count > 99 ? '99+' : count}</span> : null}
    </NavLink>
  );
  return (
    <li>
      {collapsed ? (
        <Tooltip label={label} position="right" openDelay={0}>
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  );
}
