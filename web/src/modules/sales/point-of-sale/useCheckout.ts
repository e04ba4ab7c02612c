import { useCallback, useState } from 'react';
import { asProblem, type CheckoutResult, Problem, pointOfSale, type SaleRequest, uuid7 } from '@/api';
import { type Basket, type BasketAction, saleRequest } from './basket';
import type { PreviewState } from './preview';

export type CheckoutState = { step: 'idle' } | { step: 'sending' } | { step: 'failed'; problem: Problem } | { step: 'approval' };

/**
 * Finishes a sale. The body and its key are kept before they are sent, so that a lost answer is asked for again under
 * the same key and books nothing twice. A refusal ends the attempt; the next one is new.
 */
export function useCheckout(
  basket: Basket,
  terminal: string,
  preview: PreviewState,
  dispatch: (action: BasketAction) => void,
  onPosted: (result: CheckoutResult) => void,
) {
  const [state, setState] = useState<CheckoutState>({ step: 'idle' });

  const finish = useCallback(
    async (changes: Partial<Pick<Basket, 'tenders' | 'approval'>> = {}) => {
      if (state.step === 'sending') return;
      setState({ step: 'sending' });
      try {
        let attempt = Object.keys(changes).length === 0 ? basket.attempt : undefined;
        if (attempt === undefined) {
          const body = saleRequest({ ...basket, ...changes }, terminal);
          const answer = (await preview.now(body)).preview;
          const refusal = answer.refusals.find(
            (item) => item.code !== 'DISCOUNT_NEEDS_APPROVAL' && item.code !== 'BELOW_COST_NEEDS_APPROVAL',
          );
          if (refusal) {
            setState({ step: 'failed', problem: asRefusal(refusal) });
            return;
          }
          if (answer.needsApproval && body.approval === undefined) {
            setState({ step: 'approval' });
            return;
          }
          attempt = { key: uuid7(), body: withExactCash({ ...body, expectedTotal: answer.total }, answer.cashDue ?? answer.payable) };
          dispatch({ type: 'attempt', ...attempt });
        }
        const result = await pointOfSale.checkout(attempt.body, attempt.key);
        setState({ step: 'idle' });
        dispatch({ type: 'posted', result });
        onPosted(result);
      } catch (error) {
        const problem = asProblem(error);
        if (!problem.retryable) dispatch({ type: 'refused' });
        if (problem.code === 'TOTAL_CHANGED') preview.again();
        setState(
          problem.code === 'APPROVAL_REQUIRED' || problem.code.endsWith('_NEEDS_APPROVAL')
            ? { step: 'approval' }
            : { step: 'failed', problem },
        );
      }
    },
    [basket, terminal, preview, dispatch, onPosted, state.step],
  );
  const dismiss = useCallback(() => setState({ step: 'idle' }), []);
  return { state, finish, dismiss };
}

/** Cash without a figure is exact cash: what the server said is due. */
function withExactCash(body: SaleRequest, due: string): SaleRequest {
  return {
    ...body,
    tenders: body.tenders.map((tender) =>
      tender.amount === undefined && tender.tendered === undefined ? { ...tender, tendered: due } : tender,
    ),
  };
}

function asRefusal(refusal: { code: string; detail?: string; pointer?: string }): Problem {
  return new Problem(422, { title: refusal.detail ?? refusal.code, detail: refusal.detail ?? refusal.code, code: refusal.code });
}
