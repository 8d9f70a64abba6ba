import { addressesOf, groupsOf, hostOf, type Instance, isUnfiltered, namedDisks, taskState } from '@cairn/domain';
import { ServerRow, ServerTagRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const server: Agreement = {
  says: 'of a server: state, task, host, addresses, generation, what it demands, fault, lock, and what its tenant says of it',
  rows: [ServerRow, ServerTagRow],
  holds(cloud, model) {
    for (const id of cloud.ids('instance')) {
      const state = cloud.state({ category: 'instance', id }) as Instance;
      const row = model.get(ServerRow, id);
      if (state.request === undefined) {
        expect(row).toBeUndefined();
        continue;
      }
      const held = state.vmState === 'deleted' ? [] : addressesOf(state);
      expect(row).toMatchObject({
        vmState: state.vmState,
        taskState: taskState(state),
        deleted: state.vmState === 'deleted',
        hostId: hostOf(state)?.hostId ?? null,
        hostName: hostOf(state)?.hostName ?? null,
        hostClaimed: hostOf(state)?.claimed ?? false,
        addresses: held.map(({ claimId, address, addressV6, mac, network }) => ({
          id: claimId,
          label: network.label,
          networkId: network.networkId,
          address,
          mac,
          version: 4,
          ...(addressV6 === undefined ? {} : { addressV6 }),
          ...floatingOf(state, claimId),
        })),
        nicTags: Object.fromEntries(
          state.request.networks.flatMap(({ networkId, tag }) =>
            tag === undefined ? [] : [[networkId, tag] as const],
          ),
        ),
        generation: state.generation,
        faultCode: state.fault?.code ?? null,
        faultAt: state.fault?.at ?? null,
        name: state.request.name,
        imageId: state.request.image.imageId,
        keyName: state.request.keyName,
        metadata: state.request.metadata,
        extraSpecs: state.request.extraSpecs ?? {},
        description: state.request.description,
        accessIpV4: state.request.accessIpV4 ?? null,
        accessIpV6: state.request.accessIpV6 ?? null,
        autoDiskConfig: state.request.autoDiskConfig,
        tags: [...(state.request.tags ?? [])].sort(),
        securityGroups: groupsOf(state),
        unfiltered: isUnfiltered(state),
        hostname: state.request.hostname,
        hasConfigDrive: state.request.configDrive !== undefined,
        rootDevice: `/dev/${namedDisks(state.request)[0]?.device ?? ''}`,
        locked: state.lock !== undefined,
        lockedReason: state.lock?.reason ?? null,
      });
      const tagged = model.all(ServerTagRow).filter(({ serverId }) => serverId === id);
      expect(tagged.map(({ tag }) => tag).sort()).toEqual(row?.tags);
    }
  },
};

/** As the row of an address shows the floating IPs that lead to it. */
function floatingOf({ floating = [] }: Instance, claimId: string): object {
  const leading = floating.filter((one) => one.claimId === claimId);
  if (leading.length === 0) return {};
  return { floating: leading.map(({ floatingIpId: id, address }) => ({ id, address })) };
}
