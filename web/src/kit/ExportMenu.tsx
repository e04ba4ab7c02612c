import { Button, Menu, Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { fetchFile, type Query } from '@/api';
import { commonText } from '@/messages';
import { saveFile } from './file';
import { ProblemNotice } from './ProblemNotice';

const formats = ['csv', 'xlsx', 'pdf'] as const;

/** What is on the page as a file, whole; why not, when the server will not. */
export function ExportMenu({
  path,
  query,
  variant = 'default',
  children,
}: {
  path: string;
  query: Query;
  variant?: 'default' | 'subtle';
  /** Further items of the menu. */
  children?: React.ReactNode;
}) {
  const text = commonText.exports;
  const fetched = useMutation({
    mutationFn: (format: string) => fetchFile(path, { ...query, format }),
    onSuccess: ({ blob, name }) => saveFile(name, blob),
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant={variant}
            {...(variant === 'subtle' ? { color: 'gray' } : {})}
            leftSection={<IconDownload size={16} />}
            loading={fetched.isPending}
          >
            {commonText.export}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{text.all}</Menu.Label>
          {formats.map((format) => (
            <Menu.Item key={format} onClick={() => fetched.mutate(format)}>
              {text[format]}
            </Menu.Item>
          ))}
          {children}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={fetched.isError} onClose={() => fetched.reset()} title={text.failed}>
        <ProblemNotice error={fetched.error} />
      </Modal>
    </>
  );
}
