/** Named periods that filters offer. Days are business days as text; no time zone is involved. */

export type PeriodCode = 'today' | 'yesterday' | 'week' | '7d' | 'month' | '30d' | 'lastMonth' | '90d' | 'year';

export interface Period {
  from: string;
  to: string;
}

export function dayText(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, '0')}`;
}

function plusDays(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

/** The day by the clock of a branch, as the day that pages count from: at a till in Auckland it is tomorrow already. */
export function dayAt(timeZone: string, now: Date = new Date()): Date {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(now);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return new Date(part('year'), part('month') - 1, part('day'));
}

/** The first and last day of a named period, counted from `today`. Weeks start on Monday. */
export function periodOf(code: PeriodCode, today: Date): Period {
  const day = plusDays(today, 0);
  const span = (from: Date, to: Date = day): Period => ({ from: dayText(from), to: dayText(to) });
  switch (code) {
    case 'today':
      return span(day);
    case 'yesterday':
      return span(plusDays(day, -1), plusDays(day, -1));
    case 'week':
      return span(plusDays(day, -((day.getDay() + 6) % 7)));
    case '7d':
      return span(plusDays(day, -6));
    case 'month':
      return span(new Date(day.getFullYear(), day.getMonth(), 1));
    case '30d':
      return span(plusDays(day, -29));
    case 'lastMonth':
      return span(new Date(day.getFullYear(), day.getMonth() - 1, 1), new Date(day.getFullYear(), day.getMonth(), 0));
    case '90d':
      return span(plusDays(day, -89));
    case 'year':
      return span(new Date(day.getFullYear(), 0, 1));
  }
}

export const periodCodes: readonly PeriodCode[] = ['today', 'yesterday', 'week', '7d', 'month', '30d', 'lastMonth', '90d', 'year'];

/** The name of a from–to pair, when it is one of the named periods today. */
export function periodCodeOf(from: string | undefined, to: string | undefined, today: Date): PeriodCode | undefined {
  return periodCodes.find((code) => {
    const period = periodOf(code, today);
    return period.from === from && period.to === to;
  });
}

function moved(day: string, days: number): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The end, not included, of a range that its last day names; and the last day of one that its end names. */
export const dayAfter = (day: string) => moved(day, 1);
export const dayBefore = (day: string) => moved(day, -1);
