import { Button } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DocumentDetail } from '@/api';
import { pageText } from '@/messages';

/** A sale shows its receipt; other kinds of this function have none. */
export default function ReceiptActions({ document }: { document: DocumentDetail }) {
  if (document.kind !== 'sale') return null;
  return (
    <Button component={Link} to={`/sales/point-of-sale/${document.id}/receipt`} variant="default" leftSection={<IconReceipt size={16} />}>
      {pageText.detail.receipt}
    </Button>
  );
}
