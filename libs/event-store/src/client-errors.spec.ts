import { UnknownError } from '@eventstore/db-client';
import { translated } from './client-errors';
import { OutcomeUnknown, StoreFull, StoreRefused } from './port';

/** What the client makes of a batch append's error that it has no class for. */
const unrecognized = (message: string): Error => new UnknownError(undefined, `Could not recognize ${message}`);

describe("the port's errors for the client's", () => {
  it.each([
    [
      'a full disk, by BatchAppend',
      unrecognized('UNAVAILABLE: no space is left for the log: it can be read'),
      StoreFull,
    ],
    ['a full disk, by Append', new Error('14 UNAVAILABLE: no space is left for the log: it can be read'), StoreFull],
    ['too many appends at once', unrecognized('UNAVAILABLE: too many appends are waiting'), OutcomeUnknown],
    ['a bad request', unrecognized('the event id is not a UUID'), StoreRefused],
    ['a lost connection', new Error('14 UNAVAILABLE'), OutcomeUnknown],
  ])('tell %s', (_, error, expected) => {
    const translation = translated('append to s-1', error);
    expect(translation.constructor).toBe(expected);
    expect(translation.message).toContain('append to s-1: ');
  });

  it('count a full disk among what may be tried again', () => {
    expect(new StoreFull('append')).toBeInstanceOf(OutcomeUnknown);
  });
});
