import type { DomainEvent } from '@cairn/domain';
import { launchOf, networkSpecOf } from '../../../domain/src/testing/model';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { ServerRow } from './row';

const NETWORK = networkSpecOf();
const LAUNCH = launchOf();
const requested: DomainEvent = { type: 'instance.launch-requested.v1', data: { ...LAUNCH, process: 1 } };
const chosen: DomainEvent = {
  type: 'instance.host-chosen.v2',
  data: { attempt: 1, hostId: 'h1', hostName: 'node-1', claimId: 'c1', purpose: 'launch' },
};
const claimed: DomainEvent = { type: 'instance.host-claimed.v1', data: { claimId: 'c1' } };
const addressed: DomainEvent = {
  type: 'instance.address-allocated.v1',
  data: { claimId: 'a1', address: '10.0.0.2', mac: 'fa:16:3e:00:00:01', network: NETWORK },
};
const facts = { power: 'running', timings: {} } as const;
const launched: DomainEvent = {
  type: 'instance.launched.v1',
  data: { hostId: 'h1', hostName: 'node-1', facts },
};
const building = [requested, chosen, claimed, addressed] as const;
const operation = { process: 1, operationId: 'o1', notAfter: '2100-01-01T00:00:00.000Z' } as const;

async function row(...events: readonly DomainEvent[]): Promise<ServerRow | undefined> {
  const model = await rowsAfter(timeline(...events.map((event) => [`instance-${LAUNCH.instanceId}`, event] as const)));
  return model.get(ServerRow, LAUNCH.instanceId);
}

describe('servers.v2', () => {
  it('shows a server from the moment it was asked for', async () => {
    expect(await row(requested)).toMatchObject({
      vmState: 'building',
      taskState: 'scheduling',
      powerState: 0,
      deleted: false,
      flavorId: '1',
      imageId: LAUNCH.image.imageId,
      hasUserData: true,
      hostId: null,
      addresses: [],
      createdAt: at(1),
      launchedAt: null,
    });
  });

  it('names the host as soon as it is chosen, and waits for the claim', async () => {
    expect(await row(requested, chosen)).toMatchObject({ hostId: 'h1', hostName: 'node-1', taskState: 'scheduling' });
  });

  it('is networking until it has an address in every network that was asked for, then spawning', async () => {
    expect(await row(requested, chosen, claimed)).toMatchObject({ taskState: 'networking' });
    expect(await row(...building)).toMatchObject({
      taskState: 'spawning',
      addresses: [
        { label: 'private', networkId: NETWORK.networkId, address: '10.0.0.2', mac: 'fa:16:3e:00:00:01', version: 4 },
      ],
      fixedIps: ' 10.0.0.2 ',
    });
  });

  it('is active with power and without a task once it was launched', async () => {
    const expected = { vmState: 'active', taskState: null, powerState: 1, progress: 100, launchedAt: at(5) };
    expect(await row(...building, launched)).toMatchObject(expected);
  });

  it('names its root disk by the bus that image or tenant ask for, also after a rebuild', async () => {
    const { image, kernel, ramdisk } = LAUNCH;
    const onScsi = (over: object): DomainEvent => ({
      type: 'instance.launch-requested.v1',
      data: { ...LAUNCH, hardware: { diskBus: 'scsi' }, ...over, process: 1 },
    });
    const rebuilding: DomainEvent = {
      type: 'instance.rebuild-requested.v1',
      data: {
        ...operation,
        changes: { image, kernel, ramdisk, hardware: { diskBus: 'ide' } },
        preserveEphemeral: false,
      },
    };
    expect(await row(onScsi({}))).toMatchObject({ rootDevice: '/dev/sda' });
    expect(await row(onScsi({}), chosen, claimed, rebuilding)).toMatchObject({ rootDevice: '/dev/hda' });
    const chosenByTenant = onScsi({ localDisks: { root: { bus: 'virtio' } } });
    expect(await row(chosenByTenant, rebuilding)).toMatchObject({ rootDevice: '/dev/vda' });
  });

  it('goes back to scheduling, without a host but with its address, when an attempt failed', async () => {
    const failed: DomainEvent = {
      type: 'instance.launch-attempt-failed.v1',
      data: { attempt: 1, hostId: 'h1', code: 'disk.failed', message: 'full' },
    };
    const after = await row(...building, failed);
    expect(after).toMatchObject({ vmState: 'building', taskState: 'scheduling', hostId: null, fixedIps: ' 10.0.0.2 ' });
    expect(after?.generation).toBe(2);
  });

  it('is in error with a reason, and holds neither host nor address, when its launch failed', async () => {
    const failed: DomainEvent = {
      type: 'instance.launch-failed.v1',
      data: { code: 'scheduler.no-valid-host', message: 'No valid host was found.' },
    };
    expect(await row(...building, failed)).toMatchObject({
      vmState: 'error',
      taskState: null,
      hostId: null,
      hostName: null,
      addresses: [],
      fixedIps: '',
      faultCode: 'scheduler.no-valid-host',
      faultMessage: 'No valid host was found.',
      faultAt: at(5),
    });
  });

  it('shuts down on a stop', async () => {
    const stop: DomainEvent = { type: 'instance.stop-requested.v1', data: operation };
    const stopped: DomainEvent = {
      type: 'instance.stopped.v1',
      data: { operationId: 'o1', facts: { power: 'stopped', timings: {} } },
    };
    expect(await row(...building, launched, stop)).toMatchObject({ vmState: 'active', taskState: 'powering-off' });
    const after = { vmState: 'stopped', taskState: null, powerState: 4 };
    expect(await row(...building, launched, stop, stopped)).toMatchObject(after);
  });

  it('tells a hard reboot from a soft one', async () => {
    const reboot = (rebootType: 'soft' | 'hard'): DomainEvent => ({
      type: 'instance.reboot-requested.v1',
      data: { ...operation, rebootType },
    });
    expect(await row(...building, launched, reboot('soft'))).toMatchObject({ taskState: 'rebooting' });
    expect(await row(...building, launched, reboot('hard'))).toMatchObject({ taskState: 'rebooting_hard' });
  });

  it('keeps the power that it had when an operation fails, and forgets the fault when one succeeds', async () => {
    const start: DomainEvent = { type: 'instance.start-requested.v1', data: operation };
    const failed: DomainEvent = {
      type: 'instance.operation-failed.v1',
      data: { operationId: 'o1', kind: 'start', code: 'hypervisor.failed', message: 'no' },
    };
    const rebooted: DomainEvent = { type: 'instance.rebooted.v1', data: { operationId: 'o2', facts } };
    const error = { vmState: 'error', taskState: null, powerState: 1, faultMessage: 'no' };
    expect(await row(...building, launched, start, failed)).toMatchObject(error);
    const healed = { vmState: 'active', faultCode: null, faultMessage: null, faultAt: null };
    expect(await row(...building, launched, start, failed, rebooted)).toMatchObject(healed);
  });

  it('shows what its flavor demands of hosts, before and after a resize and when that is reverted', async () => {
    const host = { attempt: 1, hostId: 'h1', hostName: 'node-1', claimId: 'c1', claimed: true };
    const { flavor } = LAUNCH;
    const now = {
      vmState: 'resized',
      host,
      flavor: { ...flavor, flavorId: '2' },
      extraSpecs: { ssd: 'true' },
    } as const;
    const resized: DomainEvent = { type: 'instance.resized.v1', data: { operationId: 'o1', facts, now } };
    const before = { vmState: 'active', host, flavor } as const;
    const reverted: DomainEvent = {
      type: 'instance.resize-reverted.v1',
      data: { operationId: 'o2', facts, now: before },
    };
    expect(await row(...building, launched)).toMatchObject({ flavorId: '1', extraSpecs: {} });
    expect(await row(...building, launched, resized)).toMatchObject({ flavorId: '2', extraSpecs: { ssd: 'true' } });
    expect((await row(...building, launched, resized, reverted))?.extraSpecs).toEqual({});
  });

  it('takes on a new name, description and metadata', async () => {
    const changes: DomainEvent[] = [
      { type: 'instance.renamed.v1', data: { name: 'new' } },
      { type: 'instance.described.v1', data: { description: 'words' } },
      { type: 'instance.metadata-replaced.v1', data: { metadata: { a: 'b' } } },
      { type: 'instance.access-addresses-set.v1', data: { accessIpV6: '::1' } },
      { type: 'instance.disk-config-set.v1', data: { autoDiskConfig: false } },
    ];
    const expected = {
      name: 'new',
      description: 'words',
      metadata: { a: 'b' },
      accessIpV4: null,
      accessIpV6: '::1',
      autoDiskConfig: false,
      updatedAt: at(6),
    };
    expect(await row(requested, ...changes)).toMatchObject(expected);
  });

  it('stays as deleted, for changes-since', async () => {
    const deletion: DomainEvent = {
      type: 'instance.deletion-requested.v1',
      data: { process: 1, operationId: 'o1' },
    };
    const deleted: DomainEvent = { type: 'instance.deleted.v1', data: { instanceId: LAUNCH.instanceId } };
    expect(await row(...building, launched, deletion)).toMatchObject({ vmState: 'active', taskState: 'deleting' });
    expect(await row(...building, launched, deletion, deleted)).toMatchObject({
      vmState: 'deleted',
      taskState: null,
      powerState: 0,
      deleted: true,
      addresses: [],
      deletedAt: at(7),
      terminatedAt: at(7),
      updatedAt: at(7),
    });
  });

  it('makes no row of a launch that was abandoned before it began', async () => {
    const abandoned: DomainEvent = {
      type: 'instance.launch-abandoned.v1',
      data: { instanceId: LAUNCH.instanceId },
    };
    expect(await row(abandoned)).toBeUndefined();
  });
});
