import { Outlet, useLocation } from 'react-router';
import { Page } from '@/kit/Page';
import { useSession } from '@/kit/session';
import { ForbiddenState } from '@/kit/states';
import { adminCrumb, adminPages } from './pages';

/** Says what is missing before a page asks the API for what it would refuse. */
export function Component() {
  const slug = useLocation().pathname.split('/')[2];
  const { can } = useSession();
  const page = adminPages.find((item) => item.slug === slug);
  if (page === undefined || can(page.permission)) return <Outlet />;
  return (
    <Page title={page.title} crumbs={[adminCrumb]}>
      <ForbiddenState permission={page.permission} />
    </Page>
  );
}
