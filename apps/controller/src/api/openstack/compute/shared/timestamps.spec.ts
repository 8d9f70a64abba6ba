import { micros, parseMoment, seconds } from './timestamps';

describe('timestamps', () => {
  it('are written as nova writes them', () => {
    expect(seconds('2026-11-22T12:00:01.250Z')).toBe('2026-11-22T12:00:01Z');
    expect(micros('2026-11-22T12:00:01.250Z')).toBe('2026-11-22T12:00:01.250000');
  });

  it.each([
    ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22T12:00:00', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22 12:00:00.123456', '2026-11-22T12:00:00.123Z'],
    ['2026-11-22T12:00:00+01:00', '2026-11-22T11:00:00.000Z'],
    ['2026-11-22T12:00:00-0130', '2026-11-22T13:30:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ])('are read from %s', (text, instant) => {
    expect(parseMoment(text)).toBe(instant);
  });

  it.each(['', 'yesterday', '2026-13-01', '2026-11-22T25:00', '2026', '2026-11-22T12:00:00 01:00'])(
    'are not read from "%s"',
    (text) => {
      expect(parseMoment(text)).toBeUndefined();
    },
  );
});
