import { nicSlotOf } from './device-identity';
import { askedDisks } from './disks';
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
    nics: nicsOf(state).map(({ claimId: _claim, tag: _tag, ...nic }) => nic),
    power,
    ...(guard === undefined ? {} : { guard }),
    ...(request.hardware === undefined ? {} : { hardware: request.hardware }),
    ...(state.diskSet === undefined
      ? {}
      : { diskSet: { id: state.diskSet, ...(copyOf === undefined ? {} : { copyOf }) } }),
  };
}

/** In the order in which their networks were asked for at the launch; then those that came later. */
export function nicsOf(state: Instance): readonly TaggedNic[] {
  const networks = requestOf(state).networks.map(({ networkId }) => networkId);
  return state.interfaces
    .flatMap(({ id, held, asked: { tag } }) => {
      if (held === undefined) return [];
      const at = networks.indexOf(held.network.networkId);
      const slot = tag === undefined || at < 0 ? undefined : nicSlotOf(at);
      const tagged = { ...(tag === undefined ? {} : { tag }), ...(slot === undefined ? {} : { slot }) };
      return [{ at: at < 0 ? networks.length : at, nic: { claimId: id, ...held, ...tagged } }];
    })
    .sort((one, other) => one.at - other.at)
    .map(({ nic }) => nic);
}

/** An interface of a guest, by the id of the claim on its address. */
export type TaggedNic = NicSpec & { readonly claimId: string; readonly tag?: string };

/** Root, ephemeral and swap in GiB, rounded up: what the host's disk must have room for. */
export const diskGb = (flavor: { rootGb: number; ephemeralGb: number; swapMb: number }): number =>
  flavor.rootGb + flavor.ephemeralGb + Math.ceil(flavor.swapMb / 1024);

/** @throws Error for an instance that is absent: it owes nothing. */
export const requestOf = (state: Instance): NonNullable<Instance['request']> => {
  if (state.request === undefined) throw new Error('an instance that is absent owes nothing');
  return state.request;
};
