import { Button } from '@mantine/core';
import { IconPencil, IconUser } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DocumentDetail } from '@/api';
import { useSession } from '@/kit/session';
import { customerText } from '@/messages';

/** A draft is changed in the editor; a change, a block and a consent lead to their customer. */
export default function CustomerActions({ document }: { document: DocumentDetail }) {
  const { can } = useSession();
  const customer = document.kind === 'customer' ? document.id : document.party?.id;
  return (
    <>
      {document.kind === 'customer' && can('customers.directory.update') && document.status !== 'closed' ? (
        <Button component={Link} to={`/customers/directory/${document.id}/edit`} variant="default" leftSection={<IconPencil size={16} />}>
          {customerText.editor.edit}
        </Button>
      ) : null}
      {document.kind !== 'customer' && customer ? (
        <Button component={Link} to={`/customers/directory/${customer}`} variant="default" leftSection={<IconUser size={16} />}>
          {customerText.directory}
        </Button>
      ) : null}
    </>
  );
}
