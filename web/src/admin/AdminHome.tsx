import { Link } from 'react-router';
import { Page } from '@/kit/Page';
import { useSession } from '@/kit/session';
import { adminText } from '@/messages';
import classes from './admin.module.css';
import { adminPages } from './pages';

export function Component() {
  const { can } = useSession();
  return (
    <Page title={adminText.title} sub={adminText.sub}>
      <div className={classes.groups}>
        {Object.entries(adminText.groups).map(([group, title]) => (
          <section key={group} className="panel">
            <div className="panel-head">
              <h2>{title}</h2>
            </div>
            <ul className={classes.links}>
              {adminPages
                .filter((page) => page.group === group && can(page.permission))
                .map((page) => (
                  <li key={page.slug}>
                    <Link to={`/admin/${page.slug}`}>{page.title}</Link>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Page>
  );
}
