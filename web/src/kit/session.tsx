import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import {
  type Branch,
  type FunctionInfo,
  type Meta,
  meta as metaCalls,
  Problem,
  type Session,
  session as sessionCalls,
  setBranch,
  setCsrfToken,
} from '@/api';
import { setCompanyCurrency } from './format';
import { remembered } from './memory';
import { dayAt } from './period';

interface SessionValue {
  session: Session;
  branch: Branch;
  chooseBranch: (code: string) => void;
  can: (permission: string) => boolean;
  signOut: () => Promise<void>;
}
/** For somebody without a branch: they see what needs none, and the API refuses the rest by name. */
const nowhere: Branch = { id: '', code: '', name: '–', timeZone: 'UTC' };

const SessionContext = createContext<SessionValue | undefined>(undefined);

/** Takes over what a session answer says, before any other call is made under it. */
function takeOver(session: Session) {
  setCsrfToken(session.csrfToken);
  setCompanyCurrency(session.company.currency, session.company.exponent);
}

const branchMemory = (user: string) => remembered<string>(`branch:${user}`);

export function useSessionQuery() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      try {
        const session = await sessionCalls.get();
        takeOver(session);
        setBranch(branchMemory(session.user.userName).read() ?? session.branch?.code);
        return session;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useCallback(
    async (body: { userName: string; password: string; code?: string }) => {
      const session = await sessionCalls.signIn(body);
      takeOver(session);
      setBranch(branchMemory(session.user.userName).read() ?? session.branch?.code);
      client.setQueryData(['session'], session);
    },
    [client],
  );
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  const client = useQueryClient();
  const memory = useMemo(() => branchMemory(session.user.userName), [session.user.userName]);
  const [code, setCode] = useState(() => memory.read() ?? session.branch?.code);
  const branch = session.branches.find((candidate) => candidate.code === code) ?? session.branch ?? session.branches[0] ?? nowhere;
  useEffect(() => setBranch(branch.code || undefined), [branch.code]);

  const value = useMemo<SessionValue>(() => {
    const permissions = new Set(session.permissions);
    return {
      session,
      branch,
      can: (permission) => permissions.has(permission) || permissions.has('*'),
      chooseBranch: (next) => {
        memory.write(next);
        setBranch(next);
        setCode(next);
        // Another branch is another view of everything but the session itself.
        void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      },
      signOut: async () => {
        await sessionCalls.signOut().catch(() => undefined);
        setCsrfToken(undefined);
        client.clear();
        client.setQueryData(['session'], null);
      },
    };
  }, [session, branch, memory, client]);
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSession(): SessionValue {
  const value = useContext(SessionContext);
  if (value === undefined) throw new Error('useSession is used outside of a session');
  return value;
}

/** The day by the clock of the branch worked in, from which pages count their periods. */
export function useToday(): Date {
  const { timeZone } = useSession().branch;
  return dayAt(timeZone);
}

export function useMeta() {
  return useQuery<Meta>({ queryKey: ['meta'], queryFn: metaCalls.get, staleTime: 10 * 60_000 });
}

/** The function at `/sales/point-of-sale`, as the API describes it to this user; undefined when they may not see it. */
export function findFunction(meta: Meta | undefined, module: string | undefined, slug: string | undefined): FunctionInfo | undefined {
  return meta?.modules.find((candidate) => candidate.code === module)?.functions.find((candidate) => candidate.slug === slug);
}

export function findFunctionByCode(meta: Meta | undefined, code: string | undefined): FunctionInfo | undefined {
  return meta?.modules.flatMap((module) => module.functions).find((candidate) => candidate.code === code);
}

/** A branch's name by its code, as far as this person sees it. */
export function branchName(session: Session, code: unknown): string {
  return session.branches.find((branch) => branch.code === code)?.name ?? String(code ?? '');
}
