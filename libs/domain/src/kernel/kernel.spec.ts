import fc from 'fast-check';
import { aggregateOf, aggregates, deriveId, instance, upcast } from '../index';
import { lived, running } from '../testing/examples';
import { after, NOW, specOf, T0 } from '../testing/given';
import { fold, type Message, parseStream, streamName } from './aggregate';
import type { Upcasters } from '../upcasters/upcaster';
import { admitClaim, type Claims, withTombstone } from './claims';
import { DomainError, unreachable } from './errors';
import { Table } from './table';
import { isAfter, later } from './time';

describe('an instant', () => {
  it('compares as the text that it is', () => {
    const moment = fc.integer({ min: 0, max: 253_402_300_799_999 }).map((ms) => new Date(ms).toISOString());
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        expect(isAfter(a, b)).toBe(Date.parse(a) > Date.parse(b));
      }),
    );
    expect(later(T0, 1500)).toBe('2026-11-22T12:00:01.500Z');
    expect(later(T0, -1)).toBe('2026-11-22T11:59:59.999Z');
  });
});

describe('a derived id', () => {
  it('follows from its parts and never changes', () => {
    expect(deriveId('a', 'b', 1)).toBe(deriveId('a', 'b', '1'));
    expect(deriveId('a', 'b')).not.toBe(deriveId('b', 'a'));
    expect(deriveId('cairn')).toBe('6244125d-b991-555e-a75a-ab47e8ead6a7');
  });
});

describe('a stream name', () => {
  it('is category and id, also when the id has dashes', () => {
    const ref = { category: 'instance', id: 'a-b-c' };
    expect(streamName(ref)).toBe('instance-a-b-c');
    expect(parseStream(streamName(ref))).toEqual(ref);
    expect(parseStream('$streams')).toBeUndefined();
    expect(parseStream('-x')).toBeUndefined();
  });

  it('leads to its aggregate, and to none where the stream is not of the domain', () => {
    for (const [category, aggregate] of Object.entries(aggregates)) {
      expect(aggregateOf(category)).toBe(aggregate);
      expect(aggregate.category).toBe(category);
      expect(category).not.toContain('-');
    }
    expect(aggregateOf('agent')).toBeUndefined();
    expect(aggregateOf('constructor')).toBeUndefined();
  });
});

describe('folding', () => {
  it('goes on from any state', () => {
    const events = running.map((event) => [event, NOW] as const);
    const whole = fold(instance, events);
    expect(whole).toEqual(specOf(instance)(...running).state);
    expect(fold(instance, events.slice(2), fold(instance, events.slice(0, 2)))).toEqual(whole);
  });
});

describe('tombstones', () => {
  it('are kept until their own time, and forgotten when the next is made', () => {
    const one = withTombstone({ tombstones: Table.empty() }, { claimId: 'a', notAfter: after(10) }, after(0));
    const two = withTombstone(one, { claimId: 'b', notAfter: after(20) }, after(10));
    expect(Object.fromEntries(two.tombstones.entries())).toEqual({ a: after(10), b: after(20) });
    const three = withTombstone(two, { claimId: 'c', notAfter: after(30) }, after(11));
    expect(Object.fromEntries(three.tombstones.entries())).toEqual({ b: after(20), c: after(30) });
  });

  it('are few: those that end first go early, and every claim that ends no later stays refused', () => {
    type Held = Pick<Claims<never>, 'tombstones' | 'refusedUpTo'>;
    let held: Held = { tombstones: Table.empty() };
    for (let n = 0; n < 5_000; n += 1)
      held = withTombstone(held, { claimId: `c${String(n)}`, notAfter: after(1_000 + n) }, after(0));
    expect(held.tombstones.size).toBeLessThanOrEqual(512);
    const asked = (claimId: string, end: number, at = 1): string =>
      admitClaim(
        { ...held, claims: Table.empty() },
        { claimId, notAfter: after(end) },
        { commandId: '', at: after(at) },
      );
    for (let n = 0; n < 5_000; n += 100) expect(asked(`c${String(n)}`, 1_000 + n)).toBe('released');
    expect(asked('another', 1_000)).toBe('released');
    expect(asked('another', 6_001)).toBe('open');
    const later = withTombstone(held, { claimId: 'last', notAfter: after(9_000) }, after(8_000));
    expect([later.refusedUpTo, later.tombstones.toJSON()]).toEqual([undefined, [['last', after(9_000)]]]);
  });
});

describe('an old event', () => {
  const event: Message = { type: 'thing.done.v1', data: { n: 1 } };

  it('becomes the newest of its kind, step by step', () => {
    const upcasters: Upcasters = {
      'thing.done.v1': ({ n }: { n: number }) => ({ type: 'thing.done.v2', data: { count: n } }),
      'thing.done.v2': (data: object) => ({ type: 'thing.done.v3', data: { ...data, unit: 'piece' } }),
    };
    expect(upcast(event, upcasters)).toEqual({ type: 'thing.done.v3', data: { count: 1, unit: 'piece' } });
  });

  it('stays what it is when it is the newest, or not known', () => {
    expect(upcast(event)).toBe(event);
    expect(upcast({ type: 'constructor', data: {} })).toEqual({ type: 'constructor', data: {} });
  });
});

describe('what cannot be', () => {
  it('says what it was', () => {
    expect(() => unreachable({ odd: true } as never)).toThrow('unreachable: {"odd":true}');
  });

  it.each(Object.entries(aggregates))('is an error of the program in %s, not a refusal', (_category, aggregate) => {
    const any = aggregateOf(aggregate.category);
    const odd = { type: 'odd', data: {} };
    // in a state where every command is looked at
    const live = {
      ...(any?.initial as object),
      enrolled: true,
      exists: true,
      life: 'live',
      status: 'queued',
      record: {},
    };
    expect(() => any?.evolve(live, odd, NOW)).toThrow('unreachable');
    expect(() => any?.decide(odd, live, NOW)).toThrow('unreachable');
  });
});

it('a refusal carries its kind, a stable code, words for people, and details', () => {
  const error = new DomainError('conflict', 'a.b', 'No.');
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ kind: 'conflict', code: 'a.b', message: 'No.', details: {} });
  expect(lived.abandoned.type).toBe('instance.launch-abandoned.v1');
});
