import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DocumentDetail } from '@/api';
import { useSession } from '@/kit/session';
import { bookText } from '@/messages';

/** A draft, and a journal that was rejected, are changed in the editor. */
export default function JournalActions({ document }: { document: DocumentDetail }) {
  const { can } = useSession();
  if (!can('books.journals.create') || (document.status !== 'draft' && document.status !== 'rejected')) return null;
  return (
    <Button component={Link} to={`/books/journals/${document.id}/edit`} variant="default" leftSection={<IconPencil size={16} />}>
      {bookText.editor.edit}
    </Button>
  );
}
