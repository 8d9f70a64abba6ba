import { auditPeriodBefore, readMoment } from './usage-audit';

describe('the month that was audited last', () => {
  it.each([
    ['2026-12-01T04:31:00.000Z', '2026-11-01', '2026-12-01'],
    ['2026-12-01T00:00:00.000Z', '2026-10-01', '2026-11-01'],
    ['2026-01-31T12:00:00.000Z', '2025-12-01', '2026-01-01'],
    ['2026-01-01T00:00:00.000Z', '2025-11-01', '2025-12-01'],
  ])('is, at %s, the one from %s to %s', (moment, begin, end) => {
    const midnight = (day: string): string => `${day}T00:00:00.000Z`;
    expect(auditPeriodBefore(moment)).toEqual({ begin: midnight(begin), end: midnight(end) });
  });
});

describe('a moment in a path', () => {
  it.each([
    ['2012-07-05 10:00:00', '2012-07-05T10:00:00.000Z'],
    ['2012-7-5 1:2:3.25', '2012-07-05T01:02:03.250Z'],
  ])('may be %s', (text, moment) => {
    expect(readMoment(text)).toBe(moment);
  });

  it.each(['', '2012-07-05', '2012-07-05T10:00:00', '2012-02-30 10:00:00', '2012-07-05 24:00:00', '0000-01-01 0:0:0'])(
    'is not %j',
    (text) => {
      expect(readMoment(text)).toBeUndefined();
    },
  );
});
