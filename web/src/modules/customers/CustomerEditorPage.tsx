import { ActionIcon, Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { asProblem, type ContactPoint, type CustomerRequest, customers, functions, uuid7 } from '@/api';
import { humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { EmptyState, ForbiddenState, LoadingState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { customerText } from '@/messages';
import { emptyCustomer, requestOf, tidied } from './customers';
import classes from './customers.module.css';

const text = customerText.editor;
const route = '/api/v1/customers/directory';
const crumbs = [
  { label: customerText.module, to: '/customers' },
  { label: customerText.directory, to: '/customers/directory/list' },
];
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Enters a customer, or changes one as a whole. */
export function Component() {
  const { id } = useParams();
  const { can } = useSession();
  const [typed] = useSearchParams();
  const permission = id === undefined ? 'customers.directory.create' : 'customers.directory.update';
  const overview = useQuery({
    queryKey: ['customers', 'overview', id],
    queryFn: () => customers.overview(id ?? ''),
    enabled: id !== undefined,
  });
  return (
    <Page title={id === undefined ? text.create : text.edit} crumbs={crumbs}>
      {!can(permission) ? (
        <ForbiddenState permission={permission} />
      ) : id === undefined ? (
        <Editor initial={emptyCustomer(typed)} />
      ) : (
        <QueryState query={overview} loading={<LoadingState rows={8} />}>
          {(found) =>
            found.customer?.personal ? (
              <Editor initial={requestOf(found.customer)} stored={{ id: found.id, version: found.version, status: found.status }} />
            ) : (
              <EmptyState title={text.edit}>{text.masked}</EmptyState>
            )
          }
        </QueryState>
      )}
    </Page>
  );
}

interface Stored {
  id: string;
  version: number | string;
  status: string;
}

function Editor({ initial, stored }: { initial: CustomerRequest; stored?: Stored }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { can } = useSession();
  const [draft, setDraft] = useState(initial);
  const [kept, setKept] = useState(stored);
  const change = (part: Partial<CustomerRequest>) => setDraft((before) => ({ ...before, ...part }));
  const active = kept?.status === 'posted';

  const save = useMutation({
    mutationFn: async (handIn: boolean) => {
      const body = tidied(draft);
      const answer = kept ? await customers.change(kept.id, body, kept.version) : await customers.enter(body, uuid7());
      setKept({ id: answer.id, version: answer.version, status: answer.status });
      const outcome =
        handIn && answer.status === 'draft' ? await functions.act(route, answer.id, 'submit', {}, answer.version, uuid7()) : undefined;
      return { answer, outcome };
    },
    onSuccess: ({ answer, outcome }) => {
      void client.invalidateQueries({ queryKey: ['customers'] });
      void client.invalidateQueries({ queryKey: ['customers.directory'] });
      const waits = answer.waitsFor ?? outcome?.waitsFor;
      toastDone(waits ? text.waits(humanise(waits)) : outcome ? text.active(outcome.number ?? '') : active ? text.changed : text.saved);
      navigate(`/customers/directory/${answer.id}`);
    },
  });
  const problem = save.error ? asProblem(save.error) : undefined;
  const wrong = (pointer: string) => problem?.errors.find((error) => error.pointer === pointer)?.detail;
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.ctrlKey) {
      event.preventDefault();
      save.mutate(!active);
    }
  };
  return (
    <form className="panel" onKeyDown={keys} onSubmit={(event) => event.preventDefault()}>
      <Identity draft={draft} change={change} wrong={wrong} />
      <Contacts points={draft.contactPoints ?? []} onChange={(contactPoints) => change({ contactPoints })} wrong={wrong} />
      <Identifiers draft={draft} change={change} wrong={wrong} />
      <Attributes draft={draft} change={change} wrong={wrong} />
      <ProblemNotice error={save.error} />
      <div className={classes.bar}>
        {active ? <span className="dim small">{text.controlled}</span> : null}
        <span className={classes.spring} />
        {active ? (
          <Button onClick={() => save.mutate(false)} loading={save.isPending}>
            {text.saveChange}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={() => save.mutate(false)} loading={save.isPending}>
              {text.save}
            </Button>
            {can('customers.directory.submit') ? (
              <Button onClick={() => save.mutate(true)} loading={save.isPending}>
                {text.submit}
              </Button>
            ) : null}
          </>
        )}
      </div>
    </form>
  );
}

interface Part {
  draft: CustomerRequest;
  change: (part: Partial<CustomerRequest>) => void;
  wrong: (pointer: string) => string | undefined;
}

function Identity({ draft, change, wrong }: Part) {
  const groups = useQuery({ queryKey: ['customers', 'groups'], queryFn: customers.groups, staleTime: 60_000, retry: false });
  const field = (key: keyof CustomerRequest & string, label: string, more: { type?: string; description?: string } = {}) => (
    <TextInput
      key={key}
      label={label}
      value={String(draft[key] ?? '')}
      error={wrong(`/${key}`)}
      maxLength={200}
      onChange={(event) => change({ [key]: event.currentTarget.value })}
      {...more}
    />
  );
  return (
    <>
      <div className="panel-head">
        <h2>{text.identity}</h2>
      </div>
      <div className={classes.fields}>
        <Select
          label={text.type}
          data={choices(text.types)}
          value={draft.partyType ?? 'person'}
          onChange={(type) => change({ partyType: type === 'organisation' ? 'organisation' : 'person' })}
          allowDeselect={false}
        />
        {draft.partyType === 'organisation' ? (
          <>
            {field('legalName', text.legal)}
            {field('tradingName', text.trading)}
          </>
        ) : (
          <>
            {field('givenName', text.given)}
            {field('familyName', text.family)}
            {field('birthDate', text.birth, { type: 'date' })}
          </>
        )}
        {field('displayName', text.display, { description: text.displayHint })}
        {field('taxId', text.tax)}
        {field('taxCountry', text.taxCountry)}
        {field('languageCode', text.language)}
        <Select
          label={text.group}
          data={(groups.data?.items ?? []).map((group) => ({ value: group.id, label: group.name }))}
          value={draft.customerGroupId ?? null}
          error={wrong('/customerGroupId')}
          onChange={(group) => change({ customerGroupId: group ?? undefined } as Partial<CustomerRequest>)}
          clearable
        />
        {field('paymentTermsCode', text.terms)}
        <Select
          label={text.source}
          data={choices(text.sources)}
          value={draft.acquisitionSource ?? 'walk-in'}
          onChange={(source) => change({ acquisitionSource: source ?? 'walk-in' })}
          allowDeselect={false}
        />
      </div>
    </>
  );
}

function Contacts({
  points,
  onChange,
  wrong,
}: {
  points: ContactPoint[];
  onChange: (points: ContactPoint[]) => void;
  wrong: Part['wrong'];
}) {
  const set = (at: number, part: Partial<ContactPoint>) =>
    onChange(points.map((point, index) => (index === at ? { ...point, ...part } : point)));
  return (
    <>
      <div className="panel-head">
        <h2>{text.contacts}</h2>
      </div>
      <div className={classes.rows}>
        {points.map((point, at) => (
          <div className={classes.row} key={at}>
            <Select
              aria-label={text.cell(text.contactType, at + 1)}
              data={choices(text.contactTypes)}
              value={point.type}
              onChange={(type) => set(at, { type: type ?? 'phone' })}
              allowDeselect={false}
            />
            <Select
              aria-label={text.cell(text.purpose, at + 1)}
              data={choices(text.purposes)}
              value={point.purpose ?? 'other'}
              onChange={(purpose) => set(at, { purpose: purpose ?? 'other' })}
              allowDeselect={false}
            />
            {point.type === 'address' ? (
              <Textarea
                aria-label={text.cell(text.value, at + 1)}
                placeholder={text.value}
                autosize
                minRows={2}
                maxLength={500}
                value={point.value}
                error={wrong(`/contactPoints/${at}/value`)}
                onChange={(event) => set(at, { value: event.currentTarget.value })}
              />
            ) : (
              <TextInput
                aria-label={text.cell(text.value, at + 1)}
                placeholder={text.value}
                value={point.value}
                maxLength={254}
                error={wrong(`/contactPoints/${at}/value`)}
                onChange={(event) => set(at, { value: event.currentTarget.value })}
              />
            )}
            <TextInput
              aria-label={text.cell(point.type === 'address' ? text.postcode : text.person, at + 1)}
              placeholder={point.type === 'address' ? text.postcode : text.person}
              value={(point.type === 'address' ? point.postcode : point.person) ?? ''}
              maxLength={point.type === 'address' ? 20 : 200}
              onChange={(event) =>
                set(at, point.type === 'address' ? { postcode: event.currentTarget.value } : { person: event.currentTarget.value })
              }
            />
            <div className={classes.check}>
              <Checkbox
                label={text.primary}
                aria-label={text.cell(text.primary, at + 1)}
                checked={point.isPrimary ?? false}
                onChange={(event) => set(at, { isPrimary: event.currentTarget.checked })}
              />
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={text.remove(at + 1)}
              onClick={() => onChange(points.filter((_, index) => index !== at))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() =>
              onChange([
                ...points,
                { type: 'phone', value: '', purpose: 'mobile', isPrimary: !points.some((point) => point.type === 'phone') },
              ])
            }
          >
            {text.addContact}
          </Button>
        </div>
      </div>
    </>
  );
}

function Identifiers({ draft, change, wrong }: Part) {
  const all = draft.identifiers ?? [];
  const set = (at: number, part: Partial<(typeof all)[number]>) =>
    change({ identifiers: all.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <>
      <div className="panel-head">
        <h2>{text.identifiers}</h2>
      </div>
      <div className={classes.rows}>
        {all.map((one, at) => (
          <div className={classes.pair} key={at}>
            <Select
              aria-label={text.cell(text.scheme, at + 1)}
              data={choices(text.schemes)}
              value={one.scheme}
              onChange={(scheme) => set(at, { scheme: scheme ?? 'card' })}
              allowDeselect={false}
            />
            <TextInput
              aria-label={text.cell(text.number, at + 1)}
              value={one.value}
              maxLength={40}
              error={wrong(`/identifiers/${at}/value`)}
              onChange={(event) => set(at, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={text.remove(at + 1)}
              onClick={() => change({ identifiers: all.filter((_, index) => index !== at) })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => change({ identifiers: [...all, { scheme: 'card', value: '' }] })}
          >
            {text.addIdentifier}
          </Button>
        </div>
      </div>
    </>
  );
}

function Attributes({ draft, change, wrong }: Part) {
  const defined = useQuery({ queryKey: ['customers', 'attributes'], queryFn: customers.attributes, staleTime: 60_000, retry: false });
  const items = defined.data?.items ?? [];
  if (items.length === 0) return null;
  const values = draft.attributes ?? [];
  const textOf = (code: string) => values.find((one) => one.code === code)?.value ?? '';
  const set = (code: string, value: string) => change({ attributes: [...values.filter((one) => one.code !== code), { code, value }] });
  const types: Record<string, string> = { date: 'date', number: 'text' };
  return (
    <>
      <div className="panel-head">
        <h2>{text.attributes}</h2>
      </div>
      <div className={classes.fields}>
        {items.map((item) =>
          item.type === 'boolean' ? (
            <Checkbox
              key={item.code}
              label={item.name}
              checked={textOf(item.code) === 'true'}
              onChange={(event) => set(item.code, String(event.currentTarget.checked))}
            />
          ) : item.type === 'choice' ? (
            <Select
              key={item.code}
              label={item.name}
              data={[...item.options]}
              value={textOf(item.code) || null}
              onChange={(value) => set(item.code, value ?? '')}
              clearable
            />
          ) : (
            <TextInput
              key={item.code}
              label={item.name}
              type={types[item.type] ?? 'text'}
              value={textOf(item.code)}
              error={wrong(`/attributes/${values.findIndex((one) => one.code === item.code)}`)}
              maxLength={200}
              onChange={(event) => set(item.code, event.currentTarget.value)}
            />
          ),
        )}
      </div>
    </>
  );
}
