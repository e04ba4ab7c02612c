import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconCashRegister, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { asProblem, errorsByField, masterData, pointOfSale, type Row } from '@/api';
import { companyCurrency, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { toastDone } from '@/kit/toast';
import { setupText } from '@/messages';
import classes from './Setup.module.css';

const text = setupText.start;
const register = '/sales/point-of-sale/register';

/** What is left between a new company and its first sale: something to sell, and the till. */
export function Component() {
  const { can } = useSession();
  const [added, setAdded] = useState(0);
  const sells = can('sales.point-of-sale.create');
  const tills = useQuery({ queryKey: ['terminals', 'start'], queryFn: pointOfSale.terminals, enabled: sells });
  const only = tills.data?.items.length === 1 ? tills.data.items[0] : undefined;
  const links = [
    { to: '/admin/items', label: text.links.items, permission: 'kernel.catalogue.view' },
    { to: '/admin/users', label: text.links.users, permission: 'kernel.users.view' },
    { to: '/admin/branches', label: text.links.branches, permission: 'kernel.organisation.view' },
    { to: '/admin/functions', label: text.links.functions, permission: 'kernel.functions.view' },
    { to: '/admin/backups', label: text.links.backups, permission: 'kernel.backups.view' },
  ];
  return (
    <Page title={text.title} sub={text.sub} narrow>
      {can('kernel.catalogue.create') ? <FirstItem onAdded={() => setAdded(added + 1)} /> : null}
      {sells ? (
        <section className="panel">
          <div className="panel-head">
            <h2>{text.till}</h2>
          </div>
          <div className="panel-body">
            <p style={{ marginTop: 0 }}>
              {text.tillHint} {added > 0 ? text.count(added) : ''}
            </p>
            <Button
              component={Link}
              to={only ? `${register}?terminal=${only.code}` : register}
              leftSection={<IconCashRegister size={18} />}
              variant={added > 0 ? 'filled' : 'default'}
            >
              {text.till}
            </Button>
          </div>
        </section>
      ) : null}
      <section className="panel">
        <div className="panel-head">
          <h2>{text.later}</h2>
        </div>
        <ul className="panel-body" style={{ margin: 0, paddingInlineStart: '2rem' }}>
          {links
            .filter((link) => can(link.permission))
            .map((link) => (
              <li key={link.to} style={{ paddingBlock: '0.25rem' }}>
                <Link to={link.to}>{link.label}</Link>
              </li>
            ))}
        </ul>
      </section>
    </Page>
  );
}

const empty = { sku: '', name: '', price: '', stocked: true };

function FirstItem({ onAdded }: { onAdded: () => void }) {
  const client = useQueryClient();
  const [form, setForm] = useState(empty);
  const [tax, setTax] = useState<string>();
  const made = useRef<Row>(undefined);
  const first = useRef<HTMLInputElement>(null);
  const masters = useQuery({
    queryKey: ['master', 'start'],
    queryFn: async () => {
      const [taxes, categories, lists] = await Promise.all(
        ['/catalogue/tax-codes', '/catalogue/categories', '/catalogue/price-lists'].map((path) => masterData.list(path, { limit: 50 })),
      );
      return {
        taxes: taxes?.items ?? [],
        categories: categories?.items ?? [],
        list: lists?.items.find((item) => item.isBase) ?? lists?.items[0],
      };
    },
  });
  const taxes = masters.data?.taxes ?? [];
  const taxCode = tax ?? String((taxes.find((row) => row.code === 'STD') ?? taxes[0])?.id ?? '');
  const add = useMutation({
    mutationFn: async () => {
      // The item stays when its price is refused; the second attempt adds only the price.
      made.current ??= await masterData.create('/catalogue/items', {
        sku: form.sku.trim(),
        name: form.name.trim(),
        categoryId: masters.data?.categories[0]?.id,
        unit: 'EA',
        taxCodeId: taxCode,
        kind: form.stocked ? 'goods' : 'service',
      });
      await masterData.create('/catalogue/prices', {
        itemId: made.current.id,
        priceListId: masters.data?.list?.id,
        price: form.price.replace(',', '.').trim(),
      });
    },
    onSuccess: () => {
      made.current = undefined;
      toastDone(text.added(form.name));
      setForm(empty);
      onAdded();
      void client.invalidateQueries({ queryKey: ['master'] });
      first.current?.focus();
    },
  });
  const errors = add.error ? errorsByField(asProblem(add.error), ['sku', 'name', 'price']).fields : {};
  const field = (key: 'sku' | 'name' | 'price', label: string) => (
    <TextInput
      ref={key === 'name' ? first : undefined}
      label={label}
      required
      withAsterisk={false}
      autoComplete="off"
      data-autofocus={key === 'name' ? true : undefined}
      inputMode={key === 'price' ? 'decimal' : undefined}
      error={errors[key]}
      value={form[key]}
      onChange={(event) => setForm({ ...form, [key]: event.currentTarget.value })}
    />
  );
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.item}</h2>
      </div>
      <form
        className="panel-body"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <p className="dim" style={{ marginTop: 0 }}>
          {text.itemHint}
        </p>
        <div className={classes.fields}>
          {field('name', text.name)}
          {field('sku', text.sku)}
          {field('price', text.price(companyCurrency().currency))}
          <Select
            label={text.tax}
            allowDeselect={false}
            data={taxes.map((row) => ({ value: String(row.id), label: nameOf(row) }))}
            value={taxCode || null}
            onChange={(value) => setTax(value ?? undefined)}
          />
          <Checkbox
            className={classes.wide}
            label={text.stocked}
            description={text.stockedHint}
            checked={form.stocked}
            onChange={(event) => setForm({ ...form, stocked: event.currentTarget.checked })}
          />
        </div>
        <div className={classes.notice}>
          <ProblemNotice error={add.error} />
        </div>
        <div style={{ marginTop: '1rem' }}>
          <Button type="submit" leftSection={<IconPlus size={16} />} loading={add.isPending} disabled={masters.data === undefined}>
            {text.add}
          </Button>
        </div>
      </form>
    </section>
  );
}
