import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { operations, type Verifications } from '@/api';
import { InstantText } from '@/kit/cells';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { pageText } from '@/messages';
import classes from './Centre.module.css';

const text = pageText.audit.verification;
const key = ['audit', 'verifications'];

/** When the trail was last verified and with what result; it can be verified anew. */
export function VerifyStrip() {
  const { can } = useSession();
  const client = useQueryClient();
  const results = useQuery({
    queryKey: key,
    queryFn: operations.verifications,
    refetchInterval: (query) => (query.state.data?.running ? 1_500 : 60_000),
  });
  const verify = useMutation({ mutationFn: operations.verifyAudit, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
  if (!results.data) return null;
  const { running, items } = results.data;
  return (
    <section className={classes.verification} aria-label={text.title}>
      <div role="status" className={classes.verdict}>
        {running ? text.running(Number(running.done), Number(running.total)) : <Verdict last={items[0]} />}
      </div>
      {can('kernel.audit.verify') ? (
        <Button variant="default" size="compact-sm" onClick={() => verify.mutate()} loading={verify.isPending || running !== undefined}>
          {text.now}
        </Button>
      ) : null}
      <ProblemNotice error={verify.error} />
    </section>
  );
}

function Verdict({ last }: { last: Verifications['items'][number] | undefined }) {
  if (last === undefined) return <span className="dim">{text.never}</span>;
  const differences = Number(last.differences);
  const Icon = differences === 0 ? IconCircleCheck : IconCircleX;
  return (
    <>
      <Icon size={16} aria-hidden data-holds={differences === 0} />
      <span>
        {differences === 0 ? (
          <>
            {text.upTo(Number(last.event), Number(last.block))} <InstantText value={last.endedAt} />.{' '}
          </>
        ) : (
          <>
            <span className="strong">{text.differs(differences)}</span> {last.firstDifference}{' '}
            <span className="dim">
              {text.checked} <InstantText value={last.endedAt} />.
            </span>{' '}
          </>
        )}
        <span className="dim">{text.by(last.origin, last.user ?? '')}</span>
      </span>
    </>
  );
}
