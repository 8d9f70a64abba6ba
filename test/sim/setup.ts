import { deriveId, type Message, type StreamRef, streamRef } from '@cairn/domain';

import { enrolled, flavor, image, network } from '../../libs/domain/src/testing/model';
import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import { SYSTEM } from '../../apps/controller/src/runtime/ports';
import { Snapshots } from '../../apps/controller/src/runtime/snapshots';

import { vlanNetworks } from './first-networks';
import { FLAVORS } from './flavors';
import { FLOATING_RANGE } from './floating';
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
  const networks = plan.networks.map((prefix, i) =>
    network({
      networkId: networkIdOf(i),
      label: `net-${String(i)}`,
      bridge: `br${String(i)}`,
      cidr: `10.${String(i)}.0.0/${String(prefix)}`,
      gateway: `10.${String(i)}.0.1`,
      ...(i % 2 === 0
        ? { ipv6: { cidr: `fd00:0:0:${String(i)}::/64`, gateway: `fd00:0:0:${String(i)}::1`, dns: [] } }
        : {}),
      segment: { type: 'vxlan', id: i + 1 },
      ...(i === 1 ? { gatewayHosts: 'one' } : {}), // each host in the first, one for all in the second
    }),
  );
  const images = IMAGE_KINDS.flatMap((kind) => {
    const { imageId, sha256, sizeBytes, format } = world.images.of(kind);
    return image({ imageId, projectId: projectIdOf(0), diskFormat: format }, { sha256, sizeBytes });
  });
  const hosts = machines.map(({ hostId, name }, i) => enrolled({ hostId, name, number: i + 1 }));
  for (const { target, command } of [
    FLOATING_RANGE,
    ...hosts,
    ...FLAVORS.map(flavor),
    ...images,
    ...networks,
    ...vlanNetworks,
  ])
    await send(target, command);
  for (const [i, limits] of plan.quotas.entries()) {
    const data = { limits, force: false };
    await send(streamRef('quota', projectIdOf(i)), { type: 'SetQuotaLimits', data });
  }
}
