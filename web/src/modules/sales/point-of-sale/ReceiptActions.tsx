import { Button } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DocumentDetail } from '@/api';
import { pageText } from '@/messages';

/** A sale shows its receipt once it has a number; other kinds of this function have none. */
export default function ReceiptActions({ document }: { document: DocumentDetail }) {
  if (document.kind !== 'sale' || document.number === undefined) return null;
  return (
    <Button component={Link} to={`/sales/point-of-sale/${document.id}/receipt`} variant="default" leftSection={<IconReceipt size={16} />}>
      {pageText.detail.receipt}
    </Button>
  );
}
