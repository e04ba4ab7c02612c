import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { approvalRuleForm } from './approvalRules';
import { adminPages } from './pages';

interface Described {
  paths: Record<string, Record<string, { operationId: string; requestBody?: { content: Record<string, { schema: { $ref?: string } }> } }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
}
const api = JSON.parse(readFileSync('openapi.json', 'utf8')) as Described;
const shortOf = (path: string) => path.replace('/api/v1', '').replace(/\/$/, '');

describe('administration', () => {
  it('has a page for every kind of master data that the API lists', () => {
    const listed = Object.entries(api.paths)
      .filter(([, calls]) => /^list-(?!.*\.)/.test(calls.get?.operationId ?? ''))
      .map(([path]) => shortOf(path))
      // Closing and opening months is no form, and the fields of an exception rule are its own: both have pages made by hand.
      .filter((path) => !['/ledger/periods', '/exception-rules'].includes(path));
    expect(listed.length).toBeGreaterThan(14);
    const paged = new Set(adminPages.map((page) => page.path));
    expect(listed.filter((path) => !paged.has(path))).toEqual([]);
  });

  it('has a field for everything that may be entered', () => {
    const missing: string[] = [];
    let members = 0;
    for (const page of adminPages) {
      if (page.path === undefined) continue;
      const path = page.single ? `${page.path}/${page.single}` : page.path;
      const calls = api.paths[`/api/v1${path}`] ?? api.paths[`/api/v1${path}/`] ?? {};
      const schema = Object.values((calls.post ?? calls.patch)?.requestBody?.content ?? {})[0]
        ?.schema.$ref?.split('/')
        .at(-1);
      const properties = Object.keys(api.components.schemas[schema ?? '']?.properties ?? {});
      members += properties.length;
      for (const member of properties)
        if (
          member !== 'id' &&
          !(page.slug === 'tax-codes' && member === 'components') &&
          !page.fields?.some((field) => field.key === member)
        )
          missing.push(`${page.slug}.${member}`);
    }
    expect(missing).toEqual([]);
    expect(members).toBeGreaterThan(90);
  });

  it('reads and writes the threshold of an approval rule as money or per cent', () => {
    const over = (figure: string, value: number) => approvalRuleForm.show({ figure, over: value }).over;
    expect([over('variance', 1250), over('variance-rate', 5000), over('', 0)]).toEqual(['12.50', '0.5 %', '']);
    expect(approvalRuleForm.send({ figure: 'variance', over: '12.50' }, undefined).over).toBe(1250);
    expect(approvalRuleForm.send({ over: '0.5 %' }, { figure: 'variance-rate' }).over).toBe(5000);
    expect(approvalRuleForm.send({ over: null }, { figure: 'variance' }).over).toBe(0);
    expect(approvalRuleForm.send({ active: false }, { figure: 'variance' })).toEqual({ active: false });
  });
});
