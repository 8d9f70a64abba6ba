import type { CommandEffect } from '../kernel/effect';
import { uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { holderOf, registry, type RegistryCommand, type RegistryEvent } from './index';

const given = specOf(registry);
const claim = (name: string, n = 1): RegistryCommand => ({
  type: 'ClaimName',
  data: { name, ownerId: uuid(n), ownerCategory: 'user' },
});
const claimed = (name: string, n = 1): RegistryEvent => ({
  type: 'registry.name-claimed.v1',
  data: { name, ownerId: uuid(n), ownerCategory: 'user', settleAfter: after(30) },
});
const confirm = (name: string, n = 1): RegistryCommand => ({ type: 'ConfirmName', data: { name, ownerId: uuid(n) } });
const confirmed = (name: string, n = 1): RegistryEvent => ({
  type: 'registry.name-confirmed.v1',
  data: { name, ownerId: uuid(n) },
});
const release = (name: string, n = 1): RegistryCommand => ({ type: 'ReleaseName', data: { name, ownerId: uuid(n) } });
const released = (name: string, n = 1): RegistryEvent => ({
  type: 'registry.name-released.v1',
  data: { name, ownerId: uuid(n) },
});
const numbers = (...ns: number[]): RegistryCommand => ({ type: 'AllocateNumbers', data: { ownerIds: ns.map(uuid) } });
const numbered = (...pairs: [number, number][]): RegistryEvent => ({
  type: 'registry.numbers-allocated.v1',
  data: { allocations: pairs.map(([n, number]) => ({ ownerId: uuid(n), number })) },
});

describe('numbers', () => {
  it('go up from 1, one for each owner, in the order asked', () => {
    given()
      .when(numbers(7, 8))
      .then(numbered([7, 1], [8, 2]));
    given(numbered([7, 1], [8, 2]))
      .when(numbers(9))
      .then(numbered([9, 3]));
    given(numbered([7, 1]))
      .when(numbers(8, 7))
      .thenAnswers([2, 1]);
  });

  it('are the same for a repeat', () => {
    given(numbered([7, 1]))
      .when(numbers(7))
      .thenNothing();
    given(numbered([7, 1]))
      .when(numbers(7))
      .thenAnswers([1]);
    given()
      .when(numbers(7, 7))
      .then(numbered([7, 1]));
  });

  it('are never given again, also when those before are forgotten', () => {
    const many = (from: number, count: number): RegistryEvent =>
      numbered(...Array.from({ length: count }, (_, i): [number, number] => [from + i, from + i]));
    expect(given(many(1, 4096)).state.recent.size).toBe(4096);
    const { state } = given(many(1, 4096), many(4097, 1));
    expect([...state.recent.values()].map(({ number }) => number).sort((a, b) => a - b)[0]).toBe(2050);
    given(many(1, 4096), many(4097, 1))
      .when(numbers(1))
      .then(numbered([1, 4098]));
    given(many(1, 9000)).when(numbers(1)).thenAnswers([1]);
  });
});

describe('claiming a name', () => {
  it('is for the first claimer, in upper or lower case', () => {
    given().when(claim('Alice')).then(claimed('Alice'));
    given(claimed('Alice')).when(claim('alice')).thenNothing();
    const refusal = given(claimed('Alice')).when(claim('alice', 2)).thenRefuses('registry.name-taken');
    expect(refusal.message).toBe('The name alice is already in use.');
  });

  it('works again after it was released', () => {
    given(claimed('Alice'), released('alice')).when(claim('alice', 2)).then(claimed('alice', 2));
  });

  it('has no answer', () => {
    given().when(claim('Alice')).thenAnswers(undefined);
  });

  it('says who holds it, and whether for certain', () => {
    expect(holderOf(given().state, 'alice')).toBeUndefined();
    expect(holderOf(given(claimed('Alice')).state, 'alice')).toEqual({ ownerId: uuid(1), settled: false });
    expect(holderOf(given(claimed('Alice'), confirmed('ALICE')).state, 'alice')).toEqual({
      ownerId: uuid(1),
      settled: true,
    });
  });
});

describe('settling a name', () => {
  it('is due 30 s after a claim that is not confirmed, and asks the owner', () => {
    expect(given(claimed('Alice')).owed).toMatchObject([
      {
        notBefore: after(30),
        target: { category: 'user', id: uuid(1) },
        command: { type: 'AbandonCreation' },
      },
    ]);
    expect(given(claimed('Alice'), claimed('Bob', 2)).owed).toHaveLength(2);
  });

  it('is another effect when the same owner claims the name again', () => {
    const again: RegistryEvent = {
      type: 'registry.name-claimed.v1',
      data: { name: 'Alice', ownerId: uuid(1), ownerCategory: 'user', settleAfter: after(99) },
    };
    const [first] = given(claimed('Alice')).owed;
    const [second] = given(claimed('Alice'), released('Alice'), again).owed;
    expect(second?.id).not.toBe(first?.id);
  });

  it('releases the name of an owner that never came, and confirms that of one that did', () => {
    const effect = given(claimed('Alice')).owed[0] as CommandEffect;
    expect(effect.onDone(undefined)).toEqual(release('Alice'));
    expect(effect.onRefused({ code: '', message: '', permanent: true })).toEqual(confirm('Alice'));
  });

  it.each([
    ['confirmed', confirmed],
    ['released', released],
  ])('is over when it is %s, in whatever case', (_how, event) => {
    expect(given(claimed('Alice'), event('alice')).owed).toEqual([]);
    expect(given(claimed('Alice'), event('alice')).state.unconfirmed.size).toBe(0);
  });

  it('leaves alone what others hold by now', () => {
    given(claimed('Alice', 2)).when(confirm('Alice')).thenNothing();
    given(claimed('Alice', 2)).when(release('Alice')).thenNothing();
    given().when(release('Alice')).thenNothing();
  });

  it('happens once', () => {
    given(claimed('Alice')).when(confirm('Alice')).then(confirmed('Alice'));
    given(claimed('Alice'), confirmed('Alice')).when(confirm('Alice')).thenNothing();
    given(claimed('Alice'), confirmed('Alice')).when(release('Alice')).then(released('Alice'));
    given().when(confirm('Alice')).thenNothing();
  });

  it('of a name that nobody claimed changes nothing', () => {
    expect(given(confirmed('Alice')).state.held.size).toBe(0);
  });
});

it('a snapshot holds all of the state', () => {
  const { state } = given(
    numbered([7, 1]),
    claimed('Alice'),
    claimed('__proto__', 2),
    claimed('Bob', 3),
    confirmed('Bob', 3),
  );
  const stored: unknown = JSON.parse(JSON.stringify(registry.snapshot.save(state)));
  expect(registry.snapshot.load(stored)).toEqual(state);
  expect(state.held.has('__proto__')).toBe(true);
});
