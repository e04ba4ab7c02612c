import type { Row } from '@/api';

export interface PermissionGroup {
  group: string;
  permissions: { code: string; name: string }[];
}

/** `sales.point-of-sale.view` belongs to `sales.point-of-sale`; its last word is the action. */
export function groupPermissions(items: (Row | string)[]): PermissionGroup[] {
  const groups = new Map<string, PermissionGroup>();
  for (const item of items) {
    const code = typeof item === 'string' ? item : String(item.code ?? item.id ?? '');
    const at = code.lastIndexOf('.');
    const group = at < 0 ? code : code.slice(0, at);
    const found = groups.get(group) ?? { group, permissions: [] };
    found.permissions.push({ code, name: typeof item === 'string' ? '' : String(item.name ?? item.label ?? '') });
    groups.set(group, found);
  }
  return [...groups.values()].sort((a, b) => a.group.localeCompare(b.group));
}
