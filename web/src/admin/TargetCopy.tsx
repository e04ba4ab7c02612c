import { Drawer } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { toastDone } from '@/kit/toast';
import { targetCopyText as text } from '@/messages';
import type { ResourceField } from './pages';
import { ResourceForm } from './ResourceForm';

const fields: ResourceField[] = [
  { key: 'function', label: text.function, kind: 'function', required: true },
  { key: 'measure', label: text.measure, kind: 'measure', required: true },
  { key: 'from', label: text.from, kind: 'date', required: true },
  { key: 'to', label: text.to, kind: 'date', required: true },
  { key: 'sourceFrom', label: text.sourceFrom, kind: 'date', required: true },
  { key: 'sourceTo', label: text.sourceTo, kind: 'date', required: true },
  { key: 'percent', label: text.percent, kind: 'number', required: true, initial: '0' },
  { key: 'branches', label: text.branches, kind: 'boolean', initial: true },
];

/** Targets made of what a past period reached, and some per cent. */
export function TargetCopy({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  return (
    <Drawer opened={opened} onClose={onClose} title={text.title}>
      {opened ? (
        <>
          <p className="dim">{text.sub}</p>
          <ResourceForm
            path="/targets/copy"
            fields={fields}
            onCancel={onClose}
            onDone={(saved) => {
              toastDone(text.done((saved.items as unknown[] | undefined)?.length ?? 0));
              void client.invalidateQueries({ queryKey: ['master'] });
              onClose();
            }}
          />
        </>
      ) : null}
    </Drawer>
  );
}
