import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type PreviewLine, pointOfSale, type SalePreview, type SaleRequest } from '@/api';
import { lineIdOf } from './basket';

export interface PreviewAnswer {
  request: SaleRequest;
  preview: SalePreview;
}

/**
 * Asks for the calculation of a basket: waits a moment for the next scan, drops what is no longer asked, and never lets
 * an old answer overtake a new one.
 */
export class PreviewRunner {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private flight: { key: string; abort: AbortController; answer: Promise<PreviewAnswer>; awaited: boolean } | undefined;
  private answered: { key: string; answer: PreviewAnswer } | undefined;

  constructor(
    private readonly send: (request: SaleRequest, signal: AbortSignal) => Promise<SalePreview>,
    private readonly onAnswer: (answer: PreviewAnswer) => void,
    private readonly onError: (error: unknown) => void,
    private readonly delayMs = 90,
  ) {}

  /** Asks soon; a call before then takes this one's place. */
  ask(request: SaleRequest | undefined): void {
    clearTimeout(this.timer);
    if (request === undefined) {
      this.cancel();
      return;
    }
    const key = JSON.stringify(request);
    if (this.flight?.key === key || (this.flight === undefined && this.answered?.key === key)) return;
    this.drop();
    this.timer = setTimeout(() => void this.start(key, request).answer.catch(() => undefined), this.delayMs);
  }

  /** The answer for exactly this request: the one in hand, the one under way, or a new one at once. */
  now(request: SaleRequest): Promise<PreviewAnswer> {
    clearTimeout(this.timer);
    const key = JSON.stringify(request);
    if (this.answered?.key === key) return Promise.resolve(this.answered.answer);
    const flight = this.flight?.key === key ? this.flight : this.start(key, request);
    flight.awaited = true;
    return flight.answer;
  }

  private start(key: string, request: SaleRequest) {
    this.drop();
    const abort = new AbortController();
    const answer = this.send(request, abort.signal).then(
      (preview) => {
        const found = { request, preview };
        if (this.flight?.abort === abort) {
          this.flight = undefined;
          this.answered = { key, answer: found };
          this.onAnswer(found);
        }
        return found;
      },
      (error: unknown) => {
        if (this.flight?.abort === abort) {
          this.flight = undefined;
          if (!abort.signal.aborted) this.onError(error);
        }
        throw error;
      },
    );
    this.flight = { key, abort, answer, awaited: false };
    return this.flight;
  }

  /** What is under way is of no use to the page any more; who waits for it by name still gets it. */
  private drop(): void {
    if (!this.flight?.awaited) this.flight?.abort.abort();
    this.flight = undefined;
  }

  /** Forgets what was answered, so that the same basket is calculated again. */
  forget(): void {
    this.answered = undefined;
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.drop();
  }
}

export interface PreviewState {
  /** The last answer; it may be of the basket before the last scan. */
  preview: SalePreview | undefined;
  /** Whether the answer is of the basket as it is now. */
  current: boolean;
  error: unknown;
  /** The calculated line, when its answer still fits the line's quantity. */
  lineOf: (lineId: string, quantity: string) => PreviewLine | undefined;
  now: (request: SaleRequest) => Promise<PreviewAnswer>;
  again: () => void;
}

/** The preview of a basket, kept up with it. */
export function usePreview(request: SaleRequest | undefined): PreviewState {
  const [answer, setAnswer] = useState<PreviewAnswer>();
  const [error, setError] = useState<unknown>();
  const [round, setRound] = useState(0);
  const runner = useRef<PreviewRunner>(undefined);
  runner.current ??= new PreviewRunner(
    (body, signal) => pointOfSale.preview(body, signal),
    (found) => {
      setAnswer(found);
      setError(undefined);
    },
    setError,
  );
  const key = request === undefined ? undefined : JSON.stringify(request);
  const latest = useRef(request);
  latest.current = request;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the request, the round for asking again
  useEffect(() => {
    runner.current?.ask(latest.current);
    // The lines of a posted sale keep their figures; another sale has other lines.
    if (latest.current === undefined) setError(undefined);
  }, [key, round]);
  useEffect(() => () => runner.current?.cancel(), []);

  const lines = useMemo(() => {
    const found = new Map<string, { quantity: string; line: PreviewLine }>();
    answer?.request.lines.forEach((line, index) => {
      const calculated = answer.preview.lines[index];
      const lineId = lineIdOf(line);
      if (lineId !== undefined && calculated !== undefined) found.set(lineId, { quantity: line.quantity, line: calculated });
    });
    return found;
  }, [answer]);
  const lineOf = useCallback(
    (lineId: string, quantity: string) => {
      const found = lines.get(lineId);
      return found?.quantity === quantity ? found.line : undefined;
    },
    [lines],
  );
  const now = useCallback((body: SaleRequest) => runner.current!.now(body), []);
  const again = useCallback(() => {
    runner.current?.forget();
    setRound((before) => before + 1);
  }, []);
  const current = answer !== undefined && key !== undefined && JSON.stringify(answer.request) === key;
  return {
    preview: request !== undefined && answer?.request.id === request.id ? answer?.preview : undefined,
    current,
    error,
    lineOf,
    now,
    again,
  };
}
