import { floatingIpRef } from '../floating-ip';
import { uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { addressesIn, floatingpool, type FloatingPoolCommand, type FloatingPoolEvent } from './index';

const given = specOf(floatingpool);
const range = (first: number, last: number): { first: string; last: string; interface: null } => ({
  first: `203.0.113.${String(first)}`,
  last: `203.0.113.${String(last)}`,
  interface: null,
});
const created: FloatingPoolEvent = { type: 'floating-pool.created.v1', data: { poolId: uuid(1), name: 'nova' } };
const added = (first: number, last: number): FloatingPoolEvent => ({
  type: 'floating-pool.range-added.v1',
  data: range(first, last),
});
const add = (first: number, last: number): FloatingPoolCommand => ({
  type: 'AddFloatingRange',
  data: { poolId: uuid(1), name: 'nova', ...range(first, last) },
});
const owner = (n: number) => floatingIpRef(uuid(n));
const reserve = (n: number, address: string | null = null): FloatingPoolCommand => ({
  type: 'ReserveFloatingAddress',
  data: { owner: owner(n), address },
});
const reserved = (n: number, last: number): FloatingPoolEvent => ({
  type: 'floating-pool.address-reserved.v1',
  data: { owner: owner(n), address: `203.0.113.${String(last)}`, interface: null, settleAfter: after(30) },
});
const released = (n: number, last: number): FloatingPoolEvent => ({
  type: 'floating-pool.address-released.v1',
  data: { owner: owner(n), address: `203.0.113.${String(last)}` },
});

describe('the ranges of a pool', () => {
  it('make the pool with the first of them, and have no address in common', () => {
    given().when(add(1, 6)).then(created, added(1, 6));
    given(created, added(1, 6)).when(add(9, 9)).then(added(9, 9));
    const refusal = given(created, added(1, 6)).when(add(4, 9)).thenRefuses('floating-pool.address-exists');
    expect(refusal.message).toBe('Floating IP 203.0.113.4 already exists.');
  });

  it('are none that is upside down, or of something else', () => {
    given().when(add(6, 1)).thenRefuses('floating-pool.invalid');
    given().when(add(1, 300)).thenRefuses('floating-pool.invalid');
  });

  it('lose addresses from their start, end and middle, unless somebody has one', () => {
    const remove = (first: number, last: number): FloatingPoolCommand => {
      const { interface: _none, ...data } = range(first, last);
      return { type: 'RemoveFloatingRange', data };
    };
    const { interface: _none, ...gone } = range(3, 4);
    const removed: FloatingPoolEvent = { type: 'floating-pool.range-removed.v1', data: gone };
    given(created, added(1, 6)).when(remove(3, 4)).then(removed);
    expect(given(created, added(1, 6), removed).state.ranges).toEqual([range(1, 2), range(5, 6)]);
    given(created, added(1, 6)).when(remove(7, 9)).thenNothing();
    given(created, added(1, 6), reserved(7, 3)).when(remove(3, 4)).thenRefuses('floating-pool.address-in-use');
  });
});

describe('an address of a pool', () => {
  it('is held for one owner, as late as possible again', () => {
    given(created, added(1, 3)).when(reserve(7)).then(reserved(7, 1));
    given(created, added(1, 3), reserved(7, 1)).when(reserve(7)).thenNothing();
    given(created, added(1, 3), reserved(7, 1)).when(reserve(8)).then(reserved(8, 2));
    given(created, added(1, 3), reserved(7, 1), released(7, 1)).when(reserve(8)).then(reserved(8, 2));
    given(created, added(1, 1), added(5, 5), reserved(7, 1)).when(reserve(8)).then(reserved(8, 5));
    given(created, added(1, 1), added(5, 5), reserved(7, 5)).when(reserve(8)).then(reserved(8, 1));
  });

  it('may be asked for by itself', () => {
    given(created, added(1, 3)).when(reserve(7, '203.0.113.3')).then(reserved(7, 3));
    given(created, added(1, 3), reserved(8, 3)).when(reserve(7, '203.0.113.3')).thenRefuses('floating-pool.exhausted');
    given(created, added(1, 3)).when(reserve(7, '203.0.113.9')).thenRefuses('floating-pool.exhausted');
  });

  it('is refused where there is none', () => {
    given().when(reserve(7)).thenRefuses('floating-pool.not-found');
    const refusal = given(created, added(1, 1), reserved(7, 1)).when(reserve(8)).thenRefuses('floating-pool.exhausted');
    expect(refusal.message).toBe('No more floating IPs in pool nova.');
  });

  it('is settled when its owner is not known to exist after 30 s', () => {
    const { owed } = given(created, added(1, 3), reserved(7, 1));
    expect(owed).toMatchObject([{ target: owner(7), notBefore: after(30), command: { type: 'AbandonCreation' } }]);
    const confirmed: FloatingPoolEvent = { type: 'floating-pool.address-confirmed.v1', data: { owner: owner(7) } };
    given(created, added(1, 3), reserved(7, 1))
      .when({ type: 'ConfirmFloatingAddress', data: { owner: owner(7) } })
      .then(confirmed);
    expect(given(created, added(1, 3), reserved(7, 1), confirmed).owed).toEqual([]);
    given(created, added(1, 3), reserved(7, 1), confirmed)
      .when({ type: 'ConfirmFloatingAddress', data: { owner: owner(7) } })
      .thenNothing();
  });

  it('is free again once, when its owner gives it back', () => {
    const release: FloatingPoolCommand = { type: 'ReleaseFloatingAddress', data: { owner: owner(7) } };
    given(created, added(1, 3), reserved(7, 1)).when(release).then(released(7, 1));
    given(created, added(1, 3)).when(release).thenNothing();
  });

  it('is found among 65,000 in a moment', () => {
    const all = addressesIn({ first: '10.0.0.0', last: '10.0.253.231' });
    const big: FloatingPoolEvent = {
      type: 'floating-pool.range-added.v1',
      data: { first: '10.0.0.0', last: '10.0.255.255', interface: null },
    };
    const held = all.map((address, i): FloatingPoolEvent => ({
      type: 'floating-pool.address-reserved.v1',
      data: { owner: owner(i), address, interface: null, settleAfter: after(30) },
    }));
    given(created, big, ...held)
      .when(reserve(99_999_999))
      .then({
        type: 'floating-pool.address-reserved.v1',
        data: { owner: owner(99_999_999), address: '10.0.253.232', interface: null, settleAfter: after(30) },
      });
  });

  it('is in a snapshot', () => {
    const { state } = given(created, added(1, 3), reserved(7, 1));
    const stored: unknown = JSON.parse(JSON.stringify(floatingpool.snapshot.save(state)));
    expect(floatingpool.snapshot.load(stored)).toEqual(state);
  });
});
