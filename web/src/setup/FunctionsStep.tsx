import { Checkbox } from '@mantine/core';
import { setupText } from '@/messages';
import { rateNames, toggled } from './draft';
import classes from './Setup.module.css';
import type { StepProps } from './SetupWizard';

const text = setupText.functions;

/** What is wanted of the program, and all of it once more before it is made. */
export function FunctionsStep({ draft, change, choices, errors }: StepProps) {
  const { company, branch, taxes, administrator } = draft;
  const rates = rateNames(taxes.preset).map((name, at) => `${name} ${taxes.rates[at]} %`);
  const nameOf = (code: string) => choices.functions.find((item) => item.code === code)?.name ?? code;
  return (
    <>
      <p className="dim" style={{ marginTop: 0 }}>
        {text.hint}
      </p>
      {choices.modules.map((module) => (
        <fieldset key={module.code} className={classes.group}>
          <legend>{module.name}</legend>
          {choices.functions
            .filter((item) => item.module === module.code)
            .map((item) => (
              <Checkbox
                key={item.code}
                label={item.name}
                description={item.needs.length > 0 ? `${item.summary} (${text.needs(item.needs.map(nameOf).join(', '))})` : item.summary}
                checked={draft.functions.includes(item.code)}
                onChange={(event) => change({ functions: toggled(draft.functions, item.code, event.currentTarget.checked, choices) })}
              />
            ))}
        </fieldset>
      ))}
      {errors.functions ? <p role="alert">{errors.functions}</p> : null}
      <h3 style={{ margin: '0 0 0.5rem', fontSize: '0.9375rem' }}>{text.summary}</h3>
      <dl className={classes.summary}>
        <dt>{text.rows.company}</dt>
        <dd>
          {company.name}, {company.country}, {company.currency}
        </dd>
        <dt>{text.rows.branch}</dt>
        <dd>
          {branch.name}, {branch.till}, {branch.timeZone}
        </dd>
        <dt>{text.rows.taxes}</dt>
        <dd>{rates.length === 0 ? text.noTax : `${taxes.name}: ${rates.join(', ')}, ${taxes.inclusive ? text.with : text.without}`}</dd>
        <dt>{text.rows.people}</dt>
        <dd>{[administrator.userName, ...draft.users.map((user) => user.userName)].join(', ')}</dd>
      </dl>
    </>
  );
}
