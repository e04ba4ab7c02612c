import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './kit/global.css';
import { DirectionProvider, Loader, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense, useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { onConnection, Problem, setup } from './api';
import { useSessionQuery } from './kit/session';
import LoginPage from './kit/shell/LoginPage';
import { ErrorState } from './kit/states';
import { cssVariables, theme } from './kit/theme';

const MustChangePassword = lazy(() => import('./kit/shell/MustChangePassword'));
const Application = lazy(() => import('./Application'));
const SetupWizard = lazy(() => import('./setup/SetupWizard'));

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only what may pass is tried again.
      retry: (count, error) => count < 2 && error instanceof Problem && error.retryable && !error.offline,
    },
    mutations: { retry: false },
  },
});

function Start() {
  const session = useSessionQuery();
  const queries = useQueryClient();
  // Only somebody who is not signed in can be the first; once there is a company it is not asked again.
  const first = useQuery({
    queryKey: ['setup'],
    queryFn: setup.state,
    enabled: session.data === null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const wasSignedIn = useRef(false);
  useEffect(() => onConnection((event) => event === 'signed-out' && queries.setQueryData(['session'], null)), [queries]);
  if (session.data) wasSignedIn.current = true;
  const waiting = (
    <div style={{ minHeight: '100dvh', display: 'grid', placeItems: 'center' }}>
      <Loader color="petrol" aria-label="Loading" />
    </div>
  );
  if (session.data)
    return (
      <Suspense fallback={waiting}>
        {session.data.mustChangePassword ? <MustChangePassword /> : <Application session={session.data} />}
      </Suspense>
    );
  if (session.data === null && first.isPending) return waiting;
  if (session.data === null && first.data?.needed && first.data.choices)
    return (
      <Suspense fallback={waiting}>
        <SetupWizard state={{ ...first.data, choices: first.data.choices }} />
      </Suspense>
    );
  if (session.data === null) return <LoginPage ended={wasSignedIn.current} />;
  if (session.isError)
    return (
      <main style={{ minHeight: '100dvh', display: 'grid', placeItems: 'center' }}>
        <ErrorState error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  return waiting;
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <Start />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  </StrictMode>,
);
