import type { Row } from '@/api';
import type { ResourceForm } from './pages';

interface Component {
  code: string;
  name: string;
  compound?: boolean;
  rates: { from: string; rate: string }[];
}

const componentsOf = (row: Row | undefined) => (row?.components as Component[] | undefined) ?? [];

/**
 * A tax code has components with rates over time; the form shows the latest rate of the first one. A new rate is added
 * from its day on and the earlier ones stay, so that old documents can still be explained.
 */
export const taxCodeForm: ResourceForm = {
  show: (row) => {
    const latest = [...(componentsOf(row)[0]?.rates ?? [])].sort((a, b) => a.from.localeCompare(b.from)).at(-1);
    return { ...row, rate: latest?.rate, rateFrom: latest?.from };
  },
  send: ({ rate, rateFrom, ...body }, before) => {
    if (rate === undefined && rateFrom === undefined) return body;
    const shown = before === undefined ? undefined : taxCodeForm.show(before);
    const next = { from: String(rateFrom ?? shown?.rateFrom ?? ''), rate: String(rate ?? shown?.rate ?? '0') };
    const [first, ...others] = componentsOf(before);
    const component: Component = first ?? { code: String(body.code ?? 'VAT'), name: String(body.name ?? 'VAT'), rates: [] };
    const rates = [...component.rates.filter((item) => item.from !== next.from), next].sort((a, b) => a.from.localeCompare(b.from));
    return { ...body, components: [{ ...component, rates }, ...others] };
  },
};
