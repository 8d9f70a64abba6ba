import type { DomainEvent } from '@cairn/domain';
import { facts, lived, running, stoppedFacts, uuid } from '../../../domain/src/testing/examples';
import { OTHER_IMAGE, requestNamed } from '../../../domain/src/testing/operations';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { ServerImageRow } from './row';

const SERVER = lived.requested.data.instanceId;
const operation = { process: 1, operationId: uuid(60), notAfter: at(99) } as const;

const shelved: readonly DomainEvent[] = [
  { type: 'instance.shelve-requested.v1', data: { ...requestNamed('shelve').input, ...operation } },
  { type: 'instance.shelved.v1', data: { operationId: operation.operationId, facts: stoppedFacts } },
];
const offloaded: DomainEvent = { type: 'instance.offloaded.v1', data: {} };
const unshelving: DomainEvent = {
  type: 'instance.unshelve-requested.v1',
  data: { ...requestNamed('unshelve').input, ...operation },
};
const unshelved: DomainEvent = {
  type: 'instance.unshelved.v1',
  data: { operationId: operation.operationId, facts },
};
const rebuild: DomainEvent = {
  type: 'instance.rebuild-requested.v1',
  data: { ...requestNamed('rebuild').input, ...operation },
};
const rescue: DomainEvent = {
  type: 'instance.rescue-requested.v1',
  data: { rescue: { image: OTHER_IMAGE, kernel: { ...OTHER_IMAGE, imageId: uuid(83) }, ramdisk: null }, ...operation },
};

async function images(...events: readonly DomainEvent[]): Promise<Readonly<Record<string, string>>> {
  const stream = `instance-${SERVER}`;
  const model = await rowsAfter(timeline(...[...running, ...events].map((event) => [stream, event] as const)));
  return Object.fromEntries(
    model.all(ServerImageRow).map(({ id, imageId }) => [id.replace(`${SERVER}/`, ''), imageId]),
  );
}

describe('server-images.v1', () => {
  it('has the image that an offloaded server comes back from, from the request on until another one takes its place', async () => {
    const root = { root: OTHER_IMAGE.imageId };
    expect(await images(...shelved, offloaded)).toEqual({});
    expect(await images(...shelved, offloaded, unshelving)).toEqual(root);
    expect(await images(...shelved, offloaded, unshelving, unshelved)).toEqual(root);
    expect(await images(...shelved, offloaded, unshelving, unshelved, rebuild)).toEqual({});
    const gone: DomainEvent = { type: 'instance.deleted.v1', data: { instanceId: SERVER } };
    expect(await images(...shelved, offloaded, unshelving, gone)).toEqual({});
  });

  it('has none of a server that comes back with the disks that it left', async () => {
    expect(await images(...shelved, unshelving, unshelved)).toEqual({});
  });

  it('has what a rescued server boots from', async () => {
    expect(await images(rescue)).toEqual({ rescue: OTHER_IMAGE.imageId, 'rescue-kernel': uuid(83) });
    const over: DomainEvent = { type: 'instance.unrescued.v1', data: { operationId: operation.operationId, facts } };
    expect(await images(rescue, over)).toEqual({});
  });
});
