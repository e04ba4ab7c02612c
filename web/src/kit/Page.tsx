import { Anchor } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Link, NavLink } from 'react-router';
import { shellText } from '@/messages';
import classes from './Page.module.css';

export interface Crumb {
  label: string;
  to?: string;
}
export interface PageTab {
  label: string;
  to: string;
  end?: boolean;
  count?: number | undefined;
}

/** The head that every page has: where it is, what it is called, what to do here, and its neighbours. */
export function Page({
  title,
  crumbs = [],
  mark,
  sub,
  actions,
  tabs,
  children,
  narrow,
}: {
  title: string;
  crumbs?: Crumb[];
  mark?: ReactNode;
  sub?: ReactNode;
  actions?: ReactNode;
  tabs?: PageTab[] | undefined;
  children: ReactNode;
  narrow?: boolean;
}) {
  useEffect(() => {
    document.title = `${title} · Plug1`;
  }, [title]);
  return (
    <div className={classes.page} data-narrow={narrow ?? false}>
      {crumbs.length > 0 ? (
        <nav aria-label={shellText.breadcrumb} className={`${classes.crumbs} no-print`}>
          <ol>
            {crumbs.map((crumb) => (
              <li key={crumb.label}>
                {crumb.to ? (
                  <Anchor component={Link} to={crumb.to} c="dimmed" size="sm">
                    {crumb.label}
                  </Anchor>
                ) : (
                  <span className="dim">{crumb.label}</span>
                )}
                <IconChevronRight size={13} aria-hidden="true" />
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className={classes.head}>
        <div className={classes.titles}>
          <h1 className={classes.title}>
            {title} {mark}
          </h1>
          {sub ? <div className={classes.sub}>{sub}</div> : null}
        </div>
        {actions ? <div className={`${classes.actions} no-print`}>{actions}</div> : null}
      </div>
      {tabs ? (
        <nav className={`${classes.tabs} no-print`} aria-label={shellText.sections(title)}>
          {tabs.map((tab) => (
            <NavLink key={tab.to} to={tab.to} end={tab.end ?? false} className={classes.tab}>
              {tab.label}
              {tab.count ? <span className={classes.count}>{tab.count}</span> : null}
            </NavLink>
          ))}
        </nav>
      ) : null}
      <div className={classes.content}>{children}</div>
    </div>
  );
}
