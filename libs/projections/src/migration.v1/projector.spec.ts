import { type DomainEvent, hostClaimId } from '@cairn/domain';
import { launchOf } from '../../../domain/src/testing/model';
import { facts, HOST_A, HOST_B, lived, running, uuid } from '../../../domain/src/testing/examples';
import { requestNamed } from '../../../domain/src/testing/operations';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { MigrationRow } from './row';

const SERVER = lived.requested.data.instanceId;
const ID = uuid(60);
const operation = { process: 1, operationId: ID, notAfter: at(99) } as const;
const place = { attempt: 1, hostId: HOST_B, hostName: 'node-b', claimId: hostClaimId(ID, 1) };
const { input } = requestNamed('resize');
const now = {
  vmState: 'resized',
  host: { ...place, claimed: true },
  flavor: input.flavor,
  diskSet: ID,
} as const;

const asked: DomainEvent = { type: 'instance.resize-requested.v1', data: { ...input, ...operation } };
const chosen: DomainEvent = { type: 'instance.host-chosen.v2', data: { ...place, purpose: 'resize' } };
const claimed: DomainEvent = {
  type: 'instance.host-claimed.v1',
  data: { claimId: place.claimId, kind: 'resize' },
};
const advanced: DomainEvent = {
  type: 'instance.operation-advanced.v1',
  data: { operationId: ID, kind: 'resize', leg: 1, facts },
};
const finished: DomainEvent = { type: 'instance.resized.v1', data: { operationId: ID, facts, now } };
const why = { code: 'disk.failed', message: 'The disk is full.' };
const failed = (kind: 'resize' | 'revertResize', more: { lost?: true } = {}): DomainEvent => ({
  type: 'instance.operation-failed.v1',
  data: { operationId: ID, kind, ...why, ...more },
});
const reverting: DomainEvent = {
  type: 'instance.resize-reversion-requested.v1',
  data: { ...operation, operationId: uuid(61) },
};
const deleting: DomainEvent = lived.deletionRequested;
const done = [asked, chosen, claimed, advanced, finished];

async function migrations(...events: readonly DomainEvent[]): Promise<readonly MigrationRow[]> {
  const stream = `instance-${SERVER}`;
  const model = await rowsAfter(timeline(...[...running, ...events].map((event) => [stream, event] as const)));
  return model.all(MigrationRow);
}

const first = running.length + 1;

describe('migrations.v1', () => {
  it('has a row for each resize and migration, which says where it begins', async () => {
    expect(await migrations(asked)).toEqual([
      {
        id: ID,
        number: input.number,
        instanceId: SERVER,
        type: 'resize',
        status: 'pre-migrating',
        sourceHost: 'node-a',
        destHost: null,
        oldFlavorId: lived.requested.data.flavor.flavorId,
        newFlavorId: input.flavor.flavorId,
        userId: launchOf().userId,
        projectId: launchOf().projectId,
        createdAt: at(first),
        updatedAt: null,
      },
    ]);
    const askedBy = { userId: uuid(7), projectId: null };
    const migrate: DomainEvent = { type: 'instance.migrate-requested.v1', data: { number: 9, askedBy, ...operation } };
    expect(await migrations(migrate)).toMatchObject([
      { type: 'migration', number: 9, oldFlavorId: '2', newFlavorId: '2', ...askedBy },
    ]);
  });

  it.each<[string, string | null, readonly DomainEvent[]]>([
    ['pre-migrating', 'node-b', [asked, chosen]],
    ['migrating', 'node-b', [asked, chosen, claimed]],
    ['post-migrating', 'node-b', [asked, chosen, claimed, advanced]],
    ['finished', 'node-b', done],
    ['confirmed', 'node-b', [...done, { type: 'instance.resize-confirmed.v1', data: { now } }]],
    ['confirmed', 'node-b', [...done, deleting]],
    ['reverting', 'node-b', [...done, reverting]],
    [
      'reverted',
      'node-b',
      [...done, reverting, { type: 'instance.resize-reverted.v1', data: { operationId: uuid(61), facts, now } }],
    ],
    ['finished', 'node-b', [...done, reverting, failed('revertResize')]],
    ['error', 'node-b', [...done, reverting, failed('revertResize', { lost: true })]],
    [
      'pre-migrating',
      null,
      [asked, chosen, { type: 'instance.host-refused.v1', data: { claimId: place.claimId, kind: 'resize', ...why } }],
    ],
    [
      'pre-migrating',
      null,
      [
        asked,
        chosen,
        claimed,
        advanced,
        {
          type: 'instance.move-attempt-failed.v1',
          data: { operationId: ID, kind: 'resize', attempt: 1, hostId: HOST_B, ...why },
        },
      ],
    ],
    [
      'error',
      'node-b',
      [
        asked,
        chosen,
        claimed,
        { type: 'instance.operation-undoing.v1', data: { operationId: ID, kind: 'resize', notAfter: at(99), ...why } },
      ],
    ],
    ['error', null, [asked, failed('resize')]],
    ['error', 'node-b', [asked, chosen, claimed, deleting]],
  ])('is %s, to %s', async (status, destHost, events) => {
    expect(await migrations(...events)).toMatchObject([{ status, destHost, updatedAt: at(first + events.length - 1) }]);
  });

  it('does not change any more by what happens to the server later', async () => {
    const confirmed: DomainEvent = { type: 'instance.resize-confirmed.v1', data: { now } };
    const before = await migrations(...done, confirmed);
    const again: DomainEvent = {
      type: 'instance.resize-requested.v1',
      data: { ...input, ...operation, operationId: HOST_A },
    };
    const after = await migrations(...done, confirmed, again, deleting);
    expect(after.find(({ id }) => id === ID)).toEqual(before[0]);
    expect(after.find(({ id }) => id === HOST_A)).toMatchObject({ status: 'error', sourceHost: 'node-b' });
  });

  it('has none for what else places a server', async () => {
    const unshelve: DomainEvent = { type: 'instance.host-chosen.v2', data: { ...place, purpose: 'unshelve' } };
    expect(await migrations(unshelve)).toEqual([]);
  });
});
