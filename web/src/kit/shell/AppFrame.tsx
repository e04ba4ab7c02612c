import { AppShell } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { Suspense, useState } from 'react';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { shellText } from '@/messages';
import { formatTime } from '../format';
import { useSession } from '../session';
import { LoadingState } from '../states';
import classes from './AppFrame.module.css';
import { CommandPalette } from './CommandPalette';
import { Navigation } from './Navigation';
import { TopBar } from './TopBar';
import { useRecents } from './useRecents';
import { useConnection, useOpenExceptions } from './useShell';

/** The frame around every page but the till: top bar, navigation, the page, footer. */
export function AppFrame() {
  const { session } = useSession();
  const online = useConnection();
  useRecents();
  const location = useLocation();
  const [menuOpened, menu] = useDisclosure(false);
  const tablet = useMediaQuery('(max-width: 74em)') ?? false;
  const [narrow, setNarrow] = useLocalStorage<boolean | null>({ key: 'plug1:nav-narrow', defaultValue: null });
  const collapsed = narrow ?? tablet;
  const synced = useOpenExceptions().dataUpdatedAt;
  const [shownAt, setShownAt] = useState(location.pathname);
  if (shownAt !== location.pathname) {
    setShownAt(location.pathname);
    menu.close();
  }
  return (
    <AppShell
      layout="default"
      header={{ height: 52 }}
      navbar={{ width: collapsed ? 60 : 236, breakpoint: 'sm', collapsed: { mobile: !menuOpened } }}
      footer={{ height: 30, offset: true }}
      transitionDuration={120}
    >
      <a href="#content" className="skip">
        {shellText.skip}
      </a>
      <AppShell.Header className={classes.header}>
        <TopBar online={online} menuOpened={menuOpened} onMenu={menu.toggle} />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label={shellText.navigation}>
        <Navigation collapsed={collapsed && !menuOpened} onCollapse={() => setNarrow(!collapsed)} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<LoadingState rows={8} />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <AppShell.Footer className={classes.footer}>
        <span>{session.company.name}</span>
        <span className={classes.spring} />
        {synced ? <span className="num">{shellText.footer.updated(formatTime(new Date(synced).toISOString()))}</span> : null}
        <span className={classes.environment}>{session.environment}</span>
        <span className="num">{shellText.footer.version(session.version)}</span>
      </AppShell.Footer>
      <CommandPalette />
      <ScrollRestoration getKey={(at) => at.pathname} />
    </AppShell>
  );
}
