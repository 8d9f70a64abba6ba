import { specOf } from '../testing/given';
import {
  DEFAULT_FLAVORS,
  flavor,
  type FlavorCommand,
  type FlavorEvent,
  type FlavorRecord,
  mayUseFlavor,
} from './index';

const given = specOf(flavor);
const record = DEFAULT_FLAVORS[0] as FlavorRecord;
const create: FlavorCommand = { type: 'CreateFlavor', data: record };
const created: FlavorEvent = { type: 'flavor.created.v1', data: record };
const abandon: FlavorCommand = { type: 'AbandonCreation', data: { id: '1' } };
const abandoned: FlavorEvent = { type: 'flavor.creation-abandoned.v1', data: {} };
const remove: FlavorCommand = { type: 'DeleteFlavor', data: {} };
const deleted: FlavorEvent = { type: 'flavor.deleted.v1', data: { flavorId: '1' } };

describe('the life of a flavor', () => {
  it('begins once, or never after it was abandoned', () => {
    given().when(create).then(created);
    given(created).when(create).thenRefuses('flavor.exists');
    given().when(abandon).then(abandoned);
    given(abandoned).when(abandon).thenNothing();
    given(abandoned).when(create).thenRefuses('flavor.exists');
    given(created).when(abandon).thenRefuses('flavor.exists');
  });

  it('ends once; its id, which is for people to choose, may begin again', () => {
    given(created).when(remove).then(deleted);
    given(created, deleted).when(remove).thenRefuses('flavor.not-found');
    given(created, deleted).when(create).then(created);
  });

  it.each(['vcpus', 'ramMb'] as const)('does not begin with a %s below 1', (field) => {
    const refusal = given()
      .when({ type: 'CreateFlavor', data: { ...record, [field]: 0 } })
      .thenRefuses('flavor.invalid');
    expect(refusal.details).toEqual({ field });
  });
});

describe('the extra specs of a flavor', () => {
  const set = (extraSpecs: Readonly<Record<string, string>>): FlavorCommand => ({
    type: 'SetExtraSpecs',
    data: { extraSpecs },
  });
  const specs = (extraSpecs: Readonly<Record<string, string>>): FlavorEvent => ({
    type: 'flavor.extra-specs-set.v1',
    data: { flavorId: '1', extraSpecs },
  });
  const take = (key: string): FlavorCommand => ({ type: 'DeleteExtraSpec', data: { key } });

  it('are set beside others, and taken away one by one', () => {
    given(created)
      .when(set({ a: '1' }))
      .then(specs({ a: '1' }));
    given(created, specs({ a: '1' }))
      .when(set({ b: '2' }))
      .then(specs({ a: '1', b: '2' }));
    given(created, specs({ a: '1' }))
      .when(set({ a: '1' }))
      .thenNothing();
    given(created, specs({ a: '1', b: '2' }))
      .when(take('a'))
      .then(specs({ b: '2' }));
    given(created).when(take('constructor')).thenRefuses('flavor.no-extra-spec');
  });

  it('end with the flavor', () => {
    given().when(set({})).thenRefuses('flavor.not-found');
    given(created, specs({ a: '1' }), deleted)
      .when(take('a'))
      .thenRefuses('flavor.not-found');
    expect(given(created, specs({ a: '1' }), deleted, created).state.extraSpecs).toEqual({});
  });
});

describe('the projects that may use a flavor', () => {
  const grant = (projectId: string): FlavorCommand => ({ type: 'GrantFlavorAccess', data: { projectId } });
  const revoke = (projectId: string): FlavorCommand => ({ type: 'RevokeFlavorAccess', data: { projectId } });
  const granted: FlavorEvent = { type: 'flavor.access-granted.v1', data: { flavorId: '1', projectId: 'p' } };
  const revoked: FlavorEvent = { type: 'flavor.access-revoked.v1', data: { flavorId: '1', projectId: 'p' } };
  const hidden: FlavorEvent = { type: 'flavor.created.v1', data: { ...record, isPublic: false } };

  it('are let in one by one, and once', () => {
    given(hidden).when(grant('p')).then(granted);
    given(hidden, granted).when(grant('p')).thenRefuses('flavor.access-exists');
    given(hidden, granted).when(revoke('p')).then(revoked);
    given(hidden).when(revoke('p')).thenRefuses('flavor.no-access');
    given().when(grant('p')).thenRefuses('flavor.not-found');
  });

  it('are all of them, of a public one', () => {
    expect(mayUseFlavor(given(created).state, 'p')).toBe(true);
    expect(mayUseFlavor(given(hidden).state, 'p')).toBe(false);
    expect(mayUseFlavor(given(hidden, granted).state, 'p')).toBe(true);
    expect(mayUseFlavor(given(hidden, granted).state, null)).toBe(false);
    expect(mayUseFlavor(given(hidden, granted, revoked).state, 'p')).toBe(false);
  });

  it('are forgotten with the flavor', () => {
    expect(given(hidden, granted, deleted, hidden).state.access).toEqual([]);
  });
});

it('a flavor is described in other words, or in none', () => {
  const describe = (description: string | null): FlavorCommand => ({ type: 'DescribeFlavor', data: { description } });
  const described: FlavorEvent = { type: 'flavor.described.v1', data: { flavorId: '1', description: 'small' } };
  given(created).when(describe('small')).then(described);
  given(created, described).when(describe('small')).thenNothing();
  given(created).when(describe(null)).thenNothing();
  given().when(describe('small')).thenRefuses('flavor.not-found');
});

it('the default flavors are the five of the guide', () => {
  expect(
    DEFAULT_FLAVORS.map(({ flavorId, name, vcpus, ramMb, rootGb }) => [flavorId, name, vcpus, ramMb, rootGb]),
  ).toEqual([
    ['1', 'm1.tiny', 1, 512, 1],
    ['2', 'm1.small', 1, 2048, 20],
    ['3', 'm1.medium', 2, 4096, 40],
    ['4', 'm1.large', 4, 8192, 80],
    ['5', 'm1.xlarge', 8, 16_384, 160],
  ]);
});
