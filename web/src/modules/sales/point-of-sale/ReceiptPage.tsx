import { Button } from '@mantine/core';
import { IconFileTypePdf, IconPrinter } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { fetchFile, pointOfSale } from '@/api';
import { saveFile } from '@/kit/file';
import { Page } from '@/kit/Page';
import { documentPath } from '@/kit/paths';
import { QueryState } from '@/kit/states';
import { toastProblem } from '@/kit/toast';
import { pageText, tillText } from '@/messages';
import { printReceipt } from './printReceipt';

/** The receipt as it is printed, 80 mm wide. */
export function Component() {
  const { id = '' } = useParams();
  const receipt = useQuery({ queryKey: ['receipt', id], queryFn: () => pointOfSale.receiptHtml(id) });
  const pdf = useMutation({
    mutationFn: () => fetchFile(pointOfSale.receiptPath(id), { format: 'pdf' }),
    onSuccess: ({ blob, name }) => saveFile(name, blob),
    onError: toastProblem,
  });
  return (
    <Page
      title={tillText.receipt.title}
      crumbs={[
        { label: tillText.title, to: '/sales/point-of-sale' },
        { label: pageText.detail.details, to: documentPath('sales.point-of-sale', id) },
      ]}
      narrow
      actions={
        <>
          <Button variant="default" leftSection={<IconFileTypePdf size={16} />} loading={pdf.isPending} onClick={() => pdf.mutate()}>
            {tillText.receipt.pdf}
          </Button>
          <Button leftSection={<IconPrinter size={16} />} onClick={() => void printReceipt(id)}>
            {tillText.receipt.print}
          </Button>
        </>
      }
    >
      <QueryState query={receipt}>
        {(html) => (
          <iframe
            title={tillText.receipt.title}
            srcDoc={html}
            sandbox="allow-same-origin"
            style={{
              width: 'min(100%, 84mm)',
              height: '75vh',
              border: '1px solid var(--p-line)',
              borderRadius: 8,
              background: '#fff',
              marginInline: 'auto',
              display: 'block',
            }}
          />
        )}
      </QueryState>
    </Page>
  );
}
