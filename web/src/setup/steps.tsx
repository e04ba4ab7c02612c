import { Checkbox, Radio, Select, TextInput } from '@mantine/core';
import { setupText } from '@/messages';
import { type Draft, rateNames, rateOf } from './draft';
import classes from './Setup.module.css';
import type { StepProps } from './SetupWizard';

const names = (kind: 'region' | 'currency') => {
  const display = new Intl.DisplayNames(undefined, { type: kind, fallback: 'code' });
  return (code: string) => display.of(code) ?? code;
};

/** Who keeps the books, and in which money. */
export function CompanyStep({ draft, change, choices, errors }: StepProps) {
  const text = setupText.company;
  const { company } = draft;
  const [region, currency] = [names('region'), names('currency')];
  const countries = choices.countries
    .map((item) => ({ value: item.code, label: region(item.code) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.wide}
        label={text.name}
        autoComplete="organization"
        required
        withAsterisk={false}
        maxLength={200}
        error={errors['company.name']}
        value={company.name}
        onChange={(event) => change({ company: { ...company, name: event.currentTarget.value } })}
      />
      <Select
        label={text.country}
        searchable
        required
        withAsterisk={false}
        data={countries}
        error={errors['company.country']}
        value={company.country || null}
        onChange={(value) =>
          change({
            company: {
              ...company,
              country: value ?? '',
              currency: choices.countries.find((item) => item.code === value)?.currency ?? company.currency,
            },
          })
        }
      />
      <Select
        label={text.currency}
        description={text.currencyHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        searchable
        required
        withAsterisk={false}
        data={choices.currencies.map((code) => ({ value: code, label: `${code} – ${currency(code)}` }))}
        error={errors['company.currency']}
        value={company.currency || null}
        onChange={(value) => change({ company: { ...company, currency: value ?? '' } })}
      />
    </div>
  );
}

/** Where business is done first, by which clock, and where the goods are. */
export function BranchStep({ draft, change, choices, errors }: StepProps) {
  const text = setupText.branch;
  const { branch } = draft;
  const field = (key: 'name' | 'warehouse' | 'till', label: string, required = true, hint?: string) => (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      required={required}
      withAsterisk={false}
      maxLength={200}
      error={errors[`branch.${key}`]}
      value={branch[key]}
      onChange={(event) => change({ branch: { ...branch, [key]: event.currentTarget.value } })}
    />
  );
  return (
    <div className={classes.fields}>
      {field('name', text.name)}
      <Select
        label={text.timeZone}
        description={text.timeZoneHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        searchable
        required
        withAsterisk={false}
        limit={100}
        data={choices.timeZones}
        error={errors['branch.timeZone']}
        value={branch.timeZone}
        onChange={(value) => change({ branch: { ...branch, timeZone: value ?? branch.timeZone } })}
      />
      {field('warehouse', text.warehouse, false, text.warehouseHint)}
      {field('till', text.till)}
    </div>
  );
}

/** The tax on sales, and the chart of accounts. */
export function TaxesStep({ draft, change, choices, errors }: StepProps) {
  const text = setupText.taxes;
  const { taxes } = draft;
  const set = (part: Partial<Draft['taxes']>) => change({ taxes: { ...taxes, ...part } });
  const rates = rateNames(taxes.preset);
  return (
    <div className={classes.fields}>
      <Radio.Group
        className={classes.wide}
        label={text.question}
        value={taxes.preset}
        onChange={(value) => set({ preset: value as Draft['taxes']['preset'] })}
      >
        {Object.entries(text.presets).map(([value, label]) => (
          <Radio key={value} value={value} label={label} mt="xs" />
        ))}
      </Radio.Group>
      {rates.length > 0 ? (
        <>
          <TextInput
            label={text.name}
            required
            withAsterisk={false}
            maxLength={40}
            error={errors['taxes.name']}
            value={taxes.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {rates.map((name, at) => (
            <TextInput
              key={name}
              label={text.rate(name)}
              inputMode="decimal"
              placeholder="20"
              required
              withAsterisk={false}
              pattern="\s*\d{1,3}([.,]\d{1,4})?\s*"
              error={errors[`taxes.rates.${at}.rate`] ?? (taxes.rates[at] && rateOf(taxes.rates[at]) === null ? '20 or 8.1' : undefined)}
              value={taxes.rates[at]}
              onChange={(event) => {
                const typed = event.currentTarget.value;
                set({ rates: taxes.rates.map((rate, index) => (index === at ? typed : rate)) });
              }}
            />
          ))}
          <Checkbox
            className={classes.wide}
            label={text.inclusive}
            description={text.inclusiveHint}
            checked={taxes.inclusive}
            onChange={(event) => set({ inclusive: event.currentTarget.checked })}
          />
          <p className={`${classes.wide} dim small`} style={{ margin: 0 }}>
            {text.zero}
          </p>
        </>
      ) : null}
      <div className={classes.wide}>
        <strong>{text.chart}</strong>
        <p style={{ margin: '0.25rem 0 0' }}>{text.chartText(choices.chartAccounts)}</p>
      </div>
    </div>
  );
}
