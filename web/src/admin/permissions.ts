import type { PermissionMatrix } from '@/api';

export interface PermissionGroup {
  group: string;
  permissions: { code: string; name: string; sensitive: boolean }[];
}

/** `sales.point-of-sale.view` belongs to `sales.point-of-sale`; its last word is the action. */
export function groupPermissions(items: PermissionMatrix['permissions']): PermissionGroup[] {
  const groups = new Map<string, PermissionGroup>();
  for (const { permission, label, sensitive } of items) {
    const at = permission.lastIndexOf('.');
    const group = at < 0 ? permission : permission.slice(0, at);
    const found = groups.get(group) ?? { group, permissions: [] };
    found.permissions.push({ code: permission, name: label, sensitive });
    groups.set(group, found);
  }
  return [...groups.values()].sort((a, b) => a.group.localeCompare(b.group));
}

/** What has to be granted and revoked to come from one set of permissions to another. */
export function permissionSteps(before: ReadonlySet<string>, after: ReadonlySet<string>): { grant: string[]; revoke: string[] } {
  return { grant: [...after].filter((code) => !before.has(code)).sort(), revoke: [...before].filter((code) => !after.has(code)).sort() };
}
