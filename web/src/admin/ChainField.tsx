import { ActionIcon, Button, Group, Input, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { masterData } from '@/api';
import { humanise } from '@/kit/format';
import { useSession } from '@/kit/session';
import { adminText } from '@/messages';
import { chainText, linksOf } from './chain';

const text = adminText.chain;
const most = 5;

/** The roles to which something goes on after the first one, each when the one before it has had its time. */
export function ChainField({
  label,
  description,
  error,
  value,
  disabled,
  onChange,
}: {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  value: string;
  disabled: boolean;
  onChange: (value: string) => void;
}) {
  const { can } = useSession();
  const roles = useQuery({
    queryKey: ['master', '/roles', 'all'],
    queryFn: () => masterData.list('/roles', { limit: 200 }),
    enabled: can('kernel.roles.view'),
    staleTime: 60_000,
  });
  const links = linksOf(value);
  const known = (roles.data?.items ?? []).map((role) => ({
    value: String(role.code),
    label: String(role.name ?? humanise(String(role.code))),
  }));
  const options = [
    ...known,
    ...links
      .filter((link) => link.role !== '' && !known.some((role) => role.value === link.role))
      .map((link) => ({ value: link.role, label: humanise(link.role) })),
  ];
  const put = (at: number, changes: { role?: string; minutes?: string }) =>
    onChange(chainText(links.map((link, place) => (place === at ? { ...link, ...changes } : link))));
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Stack gap="xs" mt={4}>
        {links.map((link, at) => (
          // A link has no name of its own: its place is what it is.
          <Group key={at} gap="xs" wrap="nowrap" align="end">
            <TextInput
              aria-label={text.minutes(at + 1)}
              rightSection={<span className="dim small">{text.unit}</span>}
              rightSectionWidth={44}
              inputMode="numeric"
              w={130}
              disabled={disabled}
              value={link.minutes}
              onChange={(event) => put(at, { minutes: event.currentTarget.value.replace(/[,:]/g, '') })}
            />
            <Select
              aria-label={text.role(at + 1)}
              placeholder={text.rolePlaceholder}
              searchable
              flex={1}
              disabled={disabled}
              data={options}
              value={link.role || null}
              onChange={(next) => put(at, { role: next ?? '' })}
            />
            {disabled ? null : (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={text.remove(at + 1)}
                onClick={() => onChange(chainText(links.filter((_, place) => place !== at)))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {disabled || links.length >= most ? null : (
          <Group>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={14} />}
              onClick={() => onChange(chainText([...links, { role: '', minutes: '60' }]))}
            >
              {text.add}
            </Button>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
