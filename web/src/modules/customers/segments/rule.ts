/** A rule as it is built on the page: every part has a key of its own, so that rows keep their place while others come and go. */
export type Part = ConditionPart | GroupPart;

export interface ConditionPart {
  key: string;
  kind: 'condition';
  measure: string;
  op: string;
  value: string;
}

export interface GroupPart {
  key: string;
  kind: 'group';
  /** Whether all parts must hold, or any one. */
  all: boolean;
  /** Whether the group as a whole must not hold. */
  not: boolean;
  of: Part[];
}

/** The most levels of a rule, as the server takes it. */
export const mostLevels = 6;

let last = 0;
const newKey = () => `p${++last}`;

export const emptyCondition = (): ConditionPart => ({ key: newKey(), kind: 'condition', measure: '', op: '', value: '' });
export const emptyGroup = (all = true, of: Part[] = [emptyCondition()]): GroupPart => ({
  key: newKey(),
  kind: 'group',
  all,
  not: false,
  of,
});

/** Reads what is stored; the outermost part is always a group. */
export function partsOf(definition: unknown): GroupPart {
  const part = read(definition);
  return part.kind === 'group' ? part : emptyGroup(true, [part]);
}

function read(node: unknown): Part {
  const value = (node ?? {}) as Record<string, unknown>;
  if (Array.isArray(value.all)) return emptyGroup(true, value.all.map(read));
  if (Array.isArray(value.any)) return emptyGroup(false, value.any.map(read));
  if (value.not !== undefined) {
    const inner = read(value.not);
    return inner.kind === 'group' && !inner.not ? { ...inner, not: true } : { ...emptyGroup(true, [inner]), not: true };
  }
  return { ...emptyCondition(), measure: String(value.measure ?? ''), op: String(value.op ?? ''), value: String(value.value ?? '') };
}

/** What is sent; undefined while a row is not filled in. */
export function definitionOf(part: Part): unknown {
  if (part.kind === 'condition')
    return part.measure && part.op && part.value.trim() !== ''
      ? { measure: part.measure, op: part.op, value: part.value.trim() }
      : undefined;
  const of = part.of.map(definitionOf);
  if (of.length === 0 || of.some((one) => one === undefined)) return undefined;
  const group = part.all ? { all: of } : { any: of };
  return part.not ? { not: group } : group;
}

/** Changes the part with a key; null takes it away, and a group that is left empty with it. */
export function changed(group: GroupPart, key: string, change: (part: Part) => Part | null): GroupPart {
  const of = group.of.flatMap((part) => {
    if (part.key === key) {
      const next = change(part);
      return next ? [next] : [];
    }
    if (part.kind === 'condition') return [part];
    const next = changed(part, key, change);
    return next.of.length === 0 ? [] : [next];
  });
  return { ...group, of };
}

/** Where each part stands in the rule as it is sent, so that what the server refuses is shown at its row. */
export function pointersOf(group: GroupPart, at = '/definition'): Map<string, string> {
  const found = new Map<string, string>([[group.key, at]]);
  const inner = `${at}${group.not ? '/not' : ''}/${group.all ? 'all' : 'any'}`;
  group.of.forEach((part, index) => {
    if (part.kind === 'condition') found.set(part.key, `${inner}/${index}`);
    else for (const [key, pointer] of pointersOf(part, `${inner}/${index}`)) found.set(key, pointer);
  });
  return found;
}
