import { deriveId, type Message, type StreamRef, streamRef } from '@cairn/domain';

import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import { SYSTEM } from '../../apps/controller/src/runtime/ports';
import { Snapshots } from '../../apps/controller/src/runtime/snapshots';

import { FLAVORS } from './flavors';
import { IMAGE_KINDS } from './images';
import type { World } from './world';

export const projectIdOf = (index: number): string => deriveId('simulation', 'project', index);
export const networkIdOf = (index: number): string => deriveId('simulation', 'network', index);

/** What an operator did before anything could go wrong: hosts enrolled, networks made, quotas set. */
export async function furnish(world: World): Promise<void> {
  const { plan, machines, time } = world;
  const process = world.process('operator', () => undefined);
  const store = world.logServer.connect(process);
  const clock = { now: () => time.iso, sleep: (ms: number) => time.sleep(ms) };
  const snapshots = new Snapshots(store, () => undefined);
  const executor = new CommandExecutor({ store, clock, snapshots, commandHash: () => '' });
  const send = (target: StreamRef, command: Message): Promise<unknown> => {
    const commandId = deriveId('simulation', target.id, command.type);
    return executor.carry(target, command, {
      commandId,
      actor: SYSTEM,
      api: 'cli',
      requestId: '',
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: '9999',
    });
  };
  for (const [i, { hostId, name }] of machines.entries()) {
    const data = { hostId, name, number: i + 1, availabilityZone: 'nova' };
    await send(streamRef('host', hostId), { type: 'EnrolHost', data });
  }
  for (const flavor of FLAVORS) {
    const data = { ...flavor, rxtxFactor: 1, isPublic: true };
    await send(streamRef('flavor', flavor.flavorId), { type: 'CreateFlavor', data });
  }
  for (const kind of IMAGE_KINDS) {
    const { imageId, sha256, sizeBytes, format } = world.images.of(kind);
    const target = streamRef('image', imageId);
    await send(target, { type: 'CreateImage', data: imageOf(imageId, format) });
    await send(target, { type: 'RecordImageUploaded', data: { sizeBytes, sha256, sha512: '', md5: '' } });
  }
  for (const [i, prefix] of plan.networks.entries()) {
    await send(streamRef('network', networkIdOf(i)), { type: 'CreateNetwork', data: networkOf(i, prefix) });
  }
  for (const [i, limits] of plan.quotas.entries()) {
    const data = { limits, force: false };
    await send(streamRef('quota', projectIdOf(i)), { type: 'SetQuotaLimits', data });
  }
}

const imageOf = (imageId: string, diskFormat: string): object => ({
  imageId,
  projectId: projectIdOf(0),
  name: imageId,
  visibility: 'public',
  diskFormat,
  containerFormat: 'bare',
  minDiskGb: 0,
  minRamMb: 0,
  protected: false,
  tags: [],
  properties: {},
});

const networkOf = (index: number, prefix: number): object => ({
  networkId: networkIdOf(index),
  label: `net-${String(index)}`,
  bridge: `br${String(index)}`,
  cidr: `10.${String(index)}.0.0/${String(prefix)}`,
  gateway: `10.${String(index)}.0.1`,
  dns: [],
  domain: 'novalocal',
  mtu: 1_500,
  rangeStart: null,
  rangeEnd: null,
});
