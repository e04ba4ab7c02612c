import { Button, Group, Modal, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type FunctionStates, switches } from '@/api';
import { InstantText } from '@/kit/cells';
import { humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText } from '@/messages';
import classes from './admin.module.css';
import { adminCrumb } from './pages';

const text = adminText.functions;
type State = FunctionStates['items'][number];
interface Wanted {
  functions: State[];
  on: boolean;
}

/** Which functions this company works with, by module. */
export function Component() {
  const client = useQueryClient();
  const { can } = useSession();
  const [asked, setAsked] = useState<Wanted>();
  const states = useQuery({ queryKey: ['functions'], queryFn: switches.list });
  const change = useMutation({
    mutationFn: (wanted: Wanted) =>
      switches.set(
        wanted.functions.map((item) => item.code),
        wanted.on,
      ),
    onSuccess: (answer, wanted) => {
      client.setQueryData(['functions'], answer);
      // What may be seen and done is another for everybody, whoever switched it first of all.
      for (const key of ['meta', 'session']) void client.invalidateQueries({ queryKey: [key] });
      toastDone((wanted.on ? text.on : text.off)(namesOf(wanted.functions)));
    },
    onSettled: () => setAsked(undefined),
  });
  const may = can('kernel.functions.configure');
  const ask = (wanted: Wanted) => (wanted.on ? change.mutate(wanted) : setAsked(wanted));
  return (
    <Page title={text.title} sub={text.sub} crumbs={[adminCrumb]} narrow>
      <ProblemNotice error={change.error} />
      <QueryState query={states}>
        {(data) => (
          <>
            {data.modules.map((module) => {
              const items = data.items.filter((item) => item.module === module.code);
              const on = items.filter((item) => item.on);
              return (
                <section key={module.code} className="panel">
                  <div className="panel-head">
                    <h2>{module.name}</h2>
                    <span className="dim small">{text.count(on.length, items.length)}</span>
                    {items.length > 1 ? (
                      <Switch
                        aria-label={text.module(module.name)}
                        checked={on.length === items.length}
                        disabled={!may || change.isPending}
                        onChange={(event) => {
                          const wants = event.currentTarget.checked;
                          ask({ functions: items.filter((item) => item.on !== wants), on: wants });
                        }}
                      />
                    ) : null}
                  </div>
                  <ul className={classes.switches}>
                    {items.map((item) => (
                      <li key={item.code}>
                        <Switch
                          aria-label={text.switch(item.name)}
                          checked={item.on}
                          disabled={!may || change.isPending}
                          onChange={(event) => ask({ functions: [item], on: event.currentTarget.checked })}
                        />
                        <Description item={item} all={data.items} />
                      </li>
                    ))}
                  </ul>
                </section>
              );
            })}
          </>
        )}
      </QueryState>
      <Modal opened={asked !== undefined} onClose={() => setAsked(undefined)} title={text.offTitle(namesOf(asked?.functions ?? []))}>
        <p style={{ marginTop: 0 }}>{text.offText}</p>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setAsked(undefined)}>
            {text.cancel}
          </Button>
          <Button color="red" loading={change.isPending} onClick={() => asked && change.mutate(asked)}>
            {text.offButton}
          </Button>
        </Group>
      </Modal>
    </Page>
  );
}

function Description({ item, all }: { item: State; all: State[] }) {
  const names = (codes: string[]) => namesOf(all.filter((other) => codes.includes(other.code)));
  return (
    <div>
      <strong>{item.name}</strong>
      <p>{item.summary}</p>
      {item.needs.length > 0 ? <p className="dim small">{text.needs(names(item.needs))}</p> : null}
      {item.neededBy.length > 0 ? <p className="dim small">{text.neededBy(names(item.neededBy))}</p> : null}
      {item.on && item.unfinished.length > 0 ? (
        <p className="dim small">
          {text.unfinished(item.unfinished.map((one) => text.open(one.count, humanise(one.what).toLowerCase())).join(', '))}
        </p>
      ) : null}
      {item.on || !item.offSince ? null : (
        <p className="dim small">
          {text.since(item.offBy ?? '')} · <InstantText value={item.offSince} />
        </p>
      )}
    </div>
  );
}

const namesOf = (items: State[]) => items.map((item) => item.name).join(', ');
