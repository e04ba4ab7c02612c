import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { onConnection, operations, pointOfSale } from '@/api';
import { useSession } from '../session';

/** Whether the server answers: by what the last call met, and by what the browser says of its network. */
export function useConnection(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine);
  useEffect(() => {
    const up = () => setOnline(true);
    const down = () => setOnline(false);
    window.addEventListener('online', up);
    window.addEventListener('offline', down);
    const stop = onConnection((event) => (event === 'online' ? up() : event === 'offline' ? down() : undefined));
    return () => {
      window.removeEventListener('online', up);
      window.removeEventListener('offline', down);
      stop();
    };
  }, []);
  return online;
}

const minute = 60_000;

export function useWaitingApprovals() {
  return useQuery({
    queryKey: ['approvals', 'badge'],
    queryFn: () => operations.approvals({ state: 'open', limit: 50 }),
    refetchInterval: minute,
    staleTime: minute / 2,
    retry: false,
  });
}

export function useNotices() {
  return useQuery({
    queryKey: ['notices', 'badge'],
    queryFn: () => operations.notices({ unread: 'true', limit: 8 }),
    refetchInterval: minute,
    staleTime: minute / 2,
    retry: false,
  });
}

export function useOpenExceptions() {
  return useQuery({
    queryKey: ['exceptions', 'badge'],
    queryFn: () => operations.exceptions({ state: 'open', limit: 20 }),
    refetchInterval: minute,
    staleTime: minute / 2,
    retry: false,
  });
}

/** The open shift of the branch, the user's own first. */
export function useOpenShift() {
  const { can, session, branch } = useSession();
  const query = useQuery({
    queryKey: ['terminals', branch.code],
    queryFn: pointOfSale.terminals,
    enabled: can('sales.point-of-sale.view'),
    staleTime: minute,
    retry: false,
  });
  const open = query.data?.items.filter((terminal) => terminal.shift) ?? [];
  const mine = open.find((terminal) => terminal.shift?.openedBy === session.user.name);
  return { terminal: mine ?? open[0], known: query.isSuccess };
}
