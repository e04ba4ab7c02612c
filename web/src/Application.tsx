import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import { RouterProvider } from 'react-router/dom';
import type { Session } from './api';
import { SessionProvider } from './kit/session';
import { router } from './routes';

/** The application behind the sign-in; its own chunk, so that the login page stays light. */
export default function Application({ session }: { session: Session }) {
  return (
    <SessionProvider session={session}>
      <RouterProvider router={router} />
    </SessionProvider>
  );
}
