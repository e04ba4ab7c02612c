import { Button } from '@mantine/core';
import { IconCashRegister, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { pointOfSale } from '@/api';
import { useAddress } from '@/kit/address';
import { remembered } from '@/kit/memory';
import { useSession } from '@/kit/session';
import { EmptyState, ForbiddenState, QueryState } from '@/kit/states';
import { tillText } from '@/messages';
import { CountedShift } from './CountedShift';
import { OpenShift } from './OpenShift';
import { RegisterView } from './RegisterView';
import classes from './register.module.css';
import { TillTop } from './TillTop';

const lastTerminal = (branch: string) => remembered<string>(`terminal:${branch}`);

/** The register: which till this is, then its shift, then selling. */
export function Component() {
  const { can, branch } = useSession();
  const { get } = useAddress();
  const terminal = get('terminal') ?? lastTerminal(branch.code).read();
  useEffect(() => {
    document.title = `${tillText.title} · Plug1`;
  }, []);
  if (!can('sales.point-of-sale.view') && !can('sales.point-of-sale.create'))
    return (
      <Frame>
        <ForbiddenState permission="sales.point-of-sale.create" />
      </Frame>
    );
  return terminal === undefined || get('choose') ? <ChooseTerminal /> : <Till key={terminal} terminal={terminal} />;
}

function Frame({ children }: { children: React.ReactNode }) {
  return (
    <div className={classes.till}>
      <TillTop />
      <main className={classes.centre}>{children}</main>
    </div>
  );
}

function ChooseTerminal() {
  const { branch } = useSession();
  const { set } = useAddress();
  const terminals = useQuery({ queryKey: ['terminals', branch.code], queryFn: pointOfSale.terminals });
  return (
    <Frame>
      <section className={`panel ${classes.card}`}>
        <h2>{tillText.chooseTerminal}</h2>
        <p className="dim">{tillText.chooseTerminalHint(branch.name)}</p>
        <QueryState query={terminals} rows={3}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState title={tillText.noTerminals}>{tillText.noTerminalsHint}</EmptyState>
            ) : (
              <div className={classes.terminals}>
                {data.items.map((item) => (
                  <button
                    key={item.code}
                    type="button"
                    className={classes.terminal}
                    onClick={() => {
                      lastTerminal(branch.code).write(item.code);
                      set({ terminal: item.code, choose: undefined }, true);
                    }}
                  >
                    <IconCashRegister size={22} aria-hidden="true" />
                    <span>
                      <span className="strong">{item.name}</span> <span className="dim">{item.code}</span>
                      <br />
                      <span className="dim small">
                        {item.shift ? tillText.terminalOpen(item.shift.number, item.shift.state) : tillText.terminalClosed}
                      </span>
                    </span>
                    <IconChevronRight size={18} aria-hidden="true" />
                  </button>
                ))}
              </div>
            )
          }
        </QueryState>
      </section>
    </Frame>
  );
}

function Till({ terminal }: { terminal: string }) {
  const { branch } = useSession();
  const register = useQuery({
    queryKey: ['register', terminal, branch.code],
    queryFn: () => pointOfSale.register(terminal),
    refetchInterval: 60_000,
  });
  if (register.data === undefined)
    return (
      <Frame>
        <section className={`panel ${classes.card}`}>
          <QueryState query={register} rows={4}>
            {() => null}
          </QueryState>
          {register.isError ? (
            <Button component={Link} to="?choose=1" variant="subtle" fullWidth onClick={() => lastTerminal(branch.code).write(undefined)}>
              {tillText.otherTerminal}
            </Button>
          ) : null}
        </section>
      </Frame>
    );
  if (register.data.shift === undefined)
    return (
      <Frame>
        <OpenShift register={register.data} />
      </Frame>
    );
  if (register.data.shift.state === 'counted')
    return (
      <Frame>
        <CountedShift register={register.data} shift={register.data.shift} />
      </Frame>
    );
  return <RegisterView key={register.data.shift.id} register={register.data} refresh={() => void register.refetch()} />;
}
