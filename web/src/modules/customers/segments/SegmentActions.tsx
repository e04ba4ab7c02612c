import { Button } from '@mantine/core';
import { IconPencil, IconUsers } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DocumentDetail } from '@/api';
import { useSession } from '@/kit/session';
import { segmentText } from '@/messages';

/** A segment leads to its members; a draft is changed, and of what is in force the next version is begun. */
export default function SegmentActions({ document }: { document: DocumentDetail }) {
  const { can } = useSession();
  if (document.kind !== 'segment') return null;
  const draft = document.status === 'draft' || document.status === 'rejected';
  return (
    <>
      {can('customers.segments.create') ? (
        <Button component={Link} to={`/customers/segments/${document.id}/edit`} variant="default" leftSection={<IconPencil size={16} />}>
          {draft ? segmentText.editor.change : segmentText.editor.next}
        </Button>
      ) : null}
      <Button component={Link} to={`/customers/segments/${document.id}/members`} variant="default" leftSection={<IconUsers size={16} />}>
        {segmentText.members.open}
      </Button>
    </>
  );
}
