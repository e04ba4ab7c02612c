import { describe, expect, it } from 'vitest';
import { commonReasons, instantOf } from '@/pages/ExceptionStepDialog';
import { figureText } from './DryRunPanel';
import { bodyOfRule, fieldOfParameter, parametersOf, sentParameter } from './exceptionRules';

describe('parameters of exception rules', () => {
  it('are read and written in per cent where they are rates', () => {
    expect(fieldOfParameter('rate', '0.125')).toBe('12.5');
    expect(sentParameter('rate', '12.5 %')).toBe('0.125');
    expect(sentParameter('money', '10.00')).toBe('10.00');
    expect(sentParameter('integer', 'many')).toBe('many');
  });

  it('leave what is empty to what holds without it', () => {
    const types = { above: 'money', share: 'rate' };
    expect(parametersOf({ above: '', share: '30' }, types)).toEqual({ share: '0.3' });
    expect(
      bodyOfRule(
        {
          active: '',
          severity: 'critical',
          ownerRole: '-',
          escalateMinutes: '0',
          escalateRole: '',
          quietMinutes: '',
          escalateThen: 'owner:30,bank:1440',
          parameters: { above: '5' },
        },
        types,
      ),
    ).toEqual({
      active: null,
      severity: 'critical',
      ownerRole: '',
      escalateMinutes: 0,
      escalateRole: null,
      quietMinutes: null,
      escalateThen: [
        { role: 'owner', minutes: 30 },
        { role: 'bank', minutes: 1440 },
      ],
      parameters: { above: '5' },
    });
  });

  it('show a length of time for seconds', () => {
    expect(figureText('seconds', '57600')).toBe(figureText('seconds', '57659'));
    expect(figureText('integer', '7')).toBe('7');
  });
});

describe('a step with exceptions', () => {
  it('is put off by the clock of the reader', () => {
    const now = new Date(2026, 2, 2, 9, 30);
    expect(instantOf('60', '', now)).toBe(new Date(2026, 2, 2, 10, 30).toISOString());
    expect(instantOf('tomorrow', '', now)).toBe(new Date(2026, 2, 3, 8, 0).toISOString());
    expect(instantOf('week', '', now)).toBe(new Date(2026, 2, 9, 9, 30).toISOString());
    expect(instantOf('own', '', now)).toBeUndefined();
  });

  it('offers the reasons that all its functions have', () => {
    const fn = (code: string, reasons: string[]) => ({
      code,
      reasons: { exception: reasons.map((reason) => ({ code: reason, label: reason })) },
    });
    const meta = { modules: [{ functions: [fn('a', ['CHECKED', 'LOSS']), fn('b', ['CHECKED'])] }] } as never;
    expect(commonReasons(meta, [{ function: 'a' }]).map((reason) => reason.code)).toEqual(['CHECKED', 'LOSS']);
    expect(commonReasons(meta, [{ function: 'a' }, { function: 'b' }]).map((reason) => reason.code)).toEqual(['CHECKED']);
    expect(commonReasons(meta, [{ function: 'none' }])).toEqual([]);
  });
});
