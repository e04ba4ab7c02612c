import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { operations, type Query, type Row } from '@/api';
import { DateText, MoneyText } from '@/kit/cells';
import { humanise } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { documentPath } from '@/kit/paths';
import { adminText } from '@/messages';
import classes from './admin.module.css';

const text = adminText.trial;
const shown = 8;

/** Tries the rule in the form on what has been, before it stops anybody. */
export function RuleTrial({ rule }: { rule: Row }) {
  const [days, setDays] = useState('30');
  const [asked, setAsked] = useState<Query>();
  const trial = useQuery({
    queryKey: ['approval-rule-trial', asked],
    queryFn: () => operations.tryApprovalRule(asked ?? {}),
    enabled: asked !== undefined,
    retry: false,
    staleTime: 60_000,
  });
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  const now: Query = {
    function: String(rule.function ?? ''),
    kind: String(rule.kind ?? ''),
    action: String(rule.action ?? ''),
    figure: String(rule.figure ?? ''),
    over: String(rule.over || 0),
    from: day(Number(days)),
    to: day(0),
  };
  const changed = asked !== undefined && JSON.stringify(asked) !== JSON.stringify(now);
  const answer = trial.data;
  return (
    <section className={classes.trial} aria-label={text.title}>
      <h3>{text.title}</h3>
      <div className={classes.trialAsk}>
        <Select
          aria-label={text.range}
          w={170}
          allowDeselect={false}
          value={days}
          onChange={(value) => setDays(value ?? '30')}
          data={['7', '30', '90', '365'].map((value) => ({ value, label: text.days(Number(value)) }))}
        />
        <Button variant="default" loading={trial.isFetching} disabled={now.function === ''} onClick={() => setAsked(now)}>
          {text.run}
        </Button>
      </div>
      <ProblemNotice error={trial.error} />
      {answer && !trial.error ? (
        <div role="status" className={changed ? 'dim' : undefined}>
          <p>
            <span className="strong">{text.caught(answer.caught, answer.asked, answer.days)}</span>{' '}
            {answer.caught > 0 ? (
              <>
                {text.worth} <MoneyText value={answer.amount} sign />
              </>
            ) : null}
            {changed ? ` ${text.changed}` : ''}
          </p>
          {answer.branches.length > 1 && answer.caught > 0 ? (
            <p className="small">{answer.branches.map((branch) => text.branch(branch.name, branch.caught, branch.asked)).join(' · ')}</p>
          ) : null}
          {answer.first.length > 0 ? (
            <ul className={classes.trialRows}>
              {answer.first.slice(0, shown).map((item) => (
                <li key={item.id}>
                  <Link to={documentPath(item.function, item.id)}>{item.number ?? humanise(item.kind)}</Link>
                  <DateText value={item.businessDate} />
                  <span className="dim">{item.maker}</span>
                  <MoneyText value={item.total} currency={item.currency} />
                </li>
              ))}
            </ul>
          ) : null}
          {answer.caught > shown ? <p className="small dim">{text.more(answer.caught - Math.min(shown, answer.first.length))}</p> : null}
        </div>
      ) : null}
    </section>
  );
}
