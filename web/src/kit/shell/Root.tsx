import { Notifications } from '@mantine/notifications';
import { Outlet, useLocation } from 'react-router';

/** Inside the router, so that a toast can link to what was done. */
export function Root() {
  // The keys of the till stand where toasts stand elsewhere.
  const atTill = useLocation().pathname.endsWith('/register');
  return (
    <>
      <Outlet />
      <Notifications position={atTill ? 'top-center' : 'bottom-right'} limit={3} />
    </>
  );
}
