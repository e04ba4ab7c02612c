import { useQuery } from '@tanstack/react-query';
import { pointOfSale } from '@/api';
import { useSession } from '@/kit/session';
import { Catalogue } from './scan';

const pageSize = 200;
/** Beyond this the memory of a small till and the first minute are better spent; the rest is asked for by scan. */
const most = 20_000;

/** The branch's catalogue in memory, at the prices of a terminal. A code it does not know is still asked of the server. */
export function useCatalogue(terminal: string) {
  const { branch } = useSession();
  return useQuery({
    queryKey: ['catalogue', branch.code, terminal],
    queryFn: async ({ signal }) => {
      const catalogue = new Catalogue();
      let after: string | undefined;
      do {
        const page = await pointOfSale.catalogue({ terminal, limit: pageSize, after }, signal);
        for (const item of page.items) catalogue.put(item);
        after = page.next;
      } while (after !== undefined && catalogue.size < most);
      return catalogue;
    },
    staleTime: 5 * 60_000,
    structuralSharing: false,
  });
}
