import { specOf } from '../testing/given';
import { DEFAULT_FLAVORS, flavor, type FlavorCommand, type FlavorEvent, type FlavorRecord } from './index';

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
