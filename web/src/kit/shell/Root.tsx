import { Notifications } from '@mantine/notifications';
import { Outlet } from 'react-router';

/** Inside the router, so that a toast can link to what was done. */
export function Root() {
  return (
    <>
      <Outlet />
      <Notifications position="bottom-right" limit={3} />
    </>
  );
}
