import { nicSlotOf } from './device-identity';
import { askedDisks } from './disks';
import { newPortId } from './interfaces/changes';
import { type AskedInterface, plugOf } from './interfaces/interfaces';
import { guardOf } from './groups/guard';
import type { DiskSet, InstanceSpec, NicSpec } from './spec';
import type { Instance } from './state';

/** The whole desired state of the instance, for its host. */
export function instanceSpec(
  state: Instance,
  power: InstanceSpec['power'],
  copyOf?: NonNullable<DiskSet['copyOf']>,
): InstanceSpec {
  const request = requestOf(state);
  const { flavor } = request;
  const guard = guardOf(state);
  const disks = askedDisks(request, state.disks?.rootId);
  return {
    instanceId: request.instanceId,
    projectId: request.projectId,
    domainName: `instance-${request.number.toString(16).padStart(8, '0')}`,
    hostname: request.hostname,
    vcpus: flavor.vcpus,
    ramMb: flavor.ramMb,
    rootGb: flavor.rootGb,
    ephemeralGb: flavor.ephemeralGb,
    swapMb: flavor.swapMb,
    ...(disks === undefined ? {} : { disks }),
    image: request.image,
    kernel: request.kernel,
    ramdisk: request.ramdisk,
    ...state.disks,
    ...(state.rescue === undefined ? {} : { rescue: state.rescue }),
    nics: nicsOf(state)
      .filter(({ claimId }) => claimId !== leaving(state))
      .map(({ claimId: _claim, tag: _tag, plug, ...nic }, i) => (plug === i ? nic : { ...nic, plug })),
    power,
    ...(guard === undefined ? {} : { guard }),
    ...(request.hardware === undefined ? {} : { hardware: request.hardware }),
    ...(state.diskSet === undefined
      ? {}
      : { diskSet: { id: state.diskSet, ...(copyOf === undefined ? {} : { copyOf }) } }),
  };
}

/** The port of the interface that the guest is to have no more: the one that is taken away, or whose coming has failed. */
function leaving({ operation }: Instance): string | undefined {
  if (operation === undefined) return undefined;
  const { input, operationId, undone } = operation;
  if (undone !== undefined) return newPortId(operationId);
  return 'portId' in input ? String(input.portId) : undefined;
}

/** In their places: those of the launch in the order in which their networks were asked for. */
export const nicsOf = (state: Instance): readonly TaggedNic[] =>
  state.interfaces
    .flatMap((one) => {
      const { id, held, asked } = one;
      if (held === undefined) return [];
      const plug = plugOf(state, one);
      return [{ claimId: id, ...held, ...tagged(state, asked, plug), plug }];
    })
    .sort((one, other) => one.plug - other.plug);

function tagged(state: Instance, { tag, networkId, ...asked }: AskedInterface, plug: number): Partial<TaggedNic> {
  if (tag === undefined) return {};
  const networks = requestOf(state).networks.map((network) => network.networkId);
  const slot = nicSlotOf(asked.plug === undefined ? networks.indexOf(networkId) : plug);
  return { tag, ...(slot === undefined ? {} : { slot }) };
}

/** An interface of a guest, by the id of the claim on its address. */
export type TaggedNic = NicSpec & { readonly claimId: string; readonly plug: number; readonly tag?: string };

/** Root, ephemeral and swap in GiB, rounded up: what the host's disk must have room for. */
export const diskGb = (flavor: { rootGb: number; ephemeralGb: number; swapMb: number }): number =>
  flavor.rootGb + flavor.ephemeralGb + Math.ceil(flavor.swapMb / 1024);

/** @throws Error for an instance that is absent: it owes nothing. */
export const requestOf = (state: Instance): NonNullable<Instance['request']> => {
  if (state.request === undefined) throw new Error('an instance that is absent owes nothing');
  return state.request;
};
