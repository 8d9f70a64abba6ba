import {
  addressesOf,
  type Host,
  hostOf,
  type Instance,
  limitsOf,
  type Network,
  type Project,
  type Quota,
  taskState,
  type User,
} from '@cairn/domain';
import { DEFAULT_LIMITS } from '@cairn/domain';
import fc from 'fast-check';
import {
  HostClaimRow,
  HostRow,
  NetworkAddressRow,
  NetworkRow,
  QuotaReservationRow,
  QuotaRow,
  RoleAssignmentRow,
  ServerRow,
  UserRow,
} from './read-models';
import { projections } from './projections';
import type { MemoryReadModel } from './runner/memory-read-model';
import { ParkedStreamRow } from './runner/rows';
import { runs } from './testing/fast-check';
import { cloudOf, pasts } from './testing/histories';
import { rowsAfter } from './testing/timeline';
import type { TinyCloud } from './testing/tiny-cloud';

interface Lived {
  readonly cloud: TinyCloud;
  readonly model: MemoryReadModel;
}

/** The same pasts for every claim; which one a claim fails for is its index. */
const lived: Lived[] = [];
const PASTS = 25;

beforeAll(async () => {
  for (const past of fc.sample(pasts(120), runs(PASTS))) {
    const cloud = cloudOf(past);
    lived.push({ cloud, model: await rowsAfter(cloud.log) });
  }
});

/** Holds after every history that the real deciders can make. */
const always = (claim: (cloud: TinyCloud, model: MemoryReadModel) => void): void => {
  const property = fc.property(fc.nat({ max: PASTS - 1 }), (index) => {
    const { cloud, model } = lived[index] as Lived;
    claim(cloud, model);
  });
  fc.assert(property, { examples: lived.map((_, index) => [index]), numRuns: PASTS });
};

describe('rows say what the deciders know', () => {
  it('of a server: state, task, host, addresses, generation, fault, lock, and what its tenant says of it', () => {
    always((cloud, model) => {
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
          addresses: held.map(({ address, mac, network }) => ({
            label: network.label,
            networkId: network.networkId,
            address,
            mac,
            version: 4,
          })),
          generation: state.generation,
          faultCode: state.fault?.code ?? null,
          faultAt: state.fault?.at ?? null,
          name: state.request.name,
          metadata: state.request.metadata,
          description: state.request.description,
          accessIpV4: state.request.accessIpV4 ?? null,
          accessIpV6: state.request.accessIpV6 ?? null,
          autoDiskConfig: state.request.autoDiskConfig,
          locked: state.lock !== undefined,
          lockedReason: state.lock?.reason ?? null,
        });
      }
    });
  });

  it('of a host: what is claimed on it, by whom, and whether it is up and enabled', () => {
    always((cloud, model) => {
      for (const id of cloud.ids('host')) {
        const state = cloud.state({ category: 'host', id }) as Host;
        const claims = [...state.claims.values()];
        expect(model.get(HostRow, id)).toMatchObject({
          up: state.up,
          enabled: state.enabled,
          disabledReason: state.disabledReason,
          bootId: state.bootId,
          usedVcpus: state.used.vcpus,
          usedRamMb: state.used.ramMb,
          usedDiskGb: state.used.diskGb,
          runningVms: claims.length,
        });
        const rows = model.all(HostClaimRow).filter(({ hostId }) => hostId === id);
        expect(rows.map((row) => row.instanceId).sort()).toEqual(claims.map((claim) => claim.owner.id).sort());
      }
    });
  });

  it('of a network: which instance holds which address', () => {
    always((cloud, model) => {
      for (const id of cloud.ids('network')) {
        const { claims } = cloud.state({ category: 'network', id }) as Network;
        const held = Object.fromEntries([...claims.values()].map(({ address, owner }) => [address, owner.id]));
        const rows = model.all(NetworkAddressRow).filter(({ networkId }) => networkId === id);
        expect(Object.fromEntries(rows.map(({ address, instanceId }) => [address, instanceId]))).toEqual(held);
        expect(model.get(NetworkRow, id)?.usedAddresses).toBe(claims.size);
      }
    });
  });

  it('of a quota: limits and usage', () => {
    always((cloud, model) => {
      for (const id of cloud.ids('quota')) {
        const state = cloud.state({ category: 'quota', id }) as Quota;
        const { overrides, usage } = model.get(QuotaRow, id) ?? NO_QUOTA;
        expect(usage).toEqual(state.usage);
        expect({ ...DEFAULT_LIMITS, ...overrides }).toEqual(limitsOf(state));
        expect(model.all(QuotaReservationRow).filter(({ projectId }) => projectId === id)).toHaveLength(
          state.held.size,
        );
      }
    });
  });

  it('of accounts: who is alive, and the roles of what is alive', () => {
    always((cloud, model) => {
      const users = new Map(cloud.ids('user').map((id) => [id, cloud.state({ category: 'user', id }) as User]));
      for (const id of cloud.ids('project')) {
        const { life, roles } = cloud.state({ category: 'project', id }) as Project;
        const rows = model.all(RoleAssignmentRow).filter(({ projectId }) => projectId === id);
        const known = rows.filter(({ userId, role }) => roles[userId]?.includes(role) === true);
        expect(rows).toEqual(life === 'live' ? known : []);
      }
      for (const [id, state] of users) {
        const alive = state.life === 'live';
        expect(model.get(UserRow, id)?.enabled).toEqual(alive ? state.record?.enabled : undefined);
      }
    });
  });

  it('whatever the batches are, and never by parking a stream', async () => {
    for (const { cloud, model } of lived) {
      const pieces = await rowsAfter(cloud.log, 1 + (cloud.log.length % 40));
      for (const { entity } of projections) expect(pieces.all(entity)).toEqual(model.all(entity));
      expect(model.all(ParkedStreamRow)).toEqual([]);
    }
  });
});

const NO_QUOTA = { overrides: {}, usage: {} };
