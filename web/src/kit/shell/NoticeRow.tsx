import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { type Notice, operations } from '@/api';
import { pageText } from '@/messages';
import { InstantText } from '../cells';
import { ProblemNotice } from '../ProblemNotice';
import { StatusBadge } from '../StatusBadge';
import { toastDone } from '../toast';
import classes from './NoticeRow.module.css';

const text = pageText.notices;

/** One notice: it leads to what it is about, and what waits for approval is approved right here, in the version that it tells of. */
export function NoticeRow({ notice }: { notice: Notice }) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['notices'] });
  const read = useMutation({ mutationFn: () => operations.readNotices([notice.id]), onSuccess: again });
  const approve = useMutation({
    mutationFn: () => operations.decide(notice.subject ?? '', 'approve', {}, notice.version ?? undefined),
    onSuccess: () => {
      toastDone(text.approved, { to: notice.link });
      void client.invalidateQueries();
    },
  });
  const fresh = !notice.readAt;
  return (
    <li className={classes.row} data-new={fresh}>
      <div className={classes.head}>
        {fresh ? <StatusBadge status="new" label={text.isNew} /> : null}
        <InstantText value={notice.createdAt} ago />
      </div>
      {notice.link ? (
        <Link to={notice.link} className={classes.title} onClick={() => (fresh ? read.mutate() : undefined)}>
          {notice.title}
        </Link>
      ) : (
        <span className={classes.title}>{notice.title}</span>
      )}
      {notice.text ? <p className={classes.text}>{notice.text}</p> : null}
      {fresh ? (
        <Group gap="xs" mt={6}>
          {notice.kind === 'approval' && notice.subject ? (
            <Button
              size="compact-sm"
              loading={approve.isPending}
              onClick={() => approve.mutate()}
              aria-label={`${text.approve}: ${notice.title}`}
            >
              {text.approve}
            </Button>
          ) : null}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => read.mutate()}
            aria-label={`${text.markRead}: ${notice.title}`}
          >
            {text.markRead}
          </Button>
        </Group>
      ) : null}
      <ProblemNotice error={approve.error} />
    </li>
  );
}
