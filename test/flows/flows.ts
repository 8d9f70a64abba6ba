import {
  commandOf,
  EFFECT_JOBS,
  holderOf,
  hostOperationNamed,
  type Instance,
  type LaunchRequest,
  type OperationRequest,
  serverReservation,
  streamRef,
  type VmState,
} from '@cairn/domain';

import { flavor, launchOf } from '../../libs/domain/src/testing/model';
import { pathTo, startsOf, targetFrom, TENANT_REQUESTS, titleOf } from '../../libs/domain/src/testing/operations';

import { type FlowLab, nameOf, NETWORK, uuid } from './flow-lab';
import type { Treatment } from './treatment';

export const SERVER = uuid(0x51);
/** Another in its first digits, by which hosts name taps. */
const OTHER = '54000000-0000-4000-8000-000000000000';
const PROJECT = uuid(0x52);
const TARGET = streamRef('instance', SERVER);
const QUOTA = streamRef('quota', PROJECT);
const NAMES = streamRef('registry', 'flavornames');
const FLAVOR = uuid(0x53);

/** Something that a tenant, or a host, sets off and that takes several effects to end. */
export interface Flow {
  readonly name: string;
  /** Brings the cloud to where the flow begins; nothing is owed then. */
  prepare(lab: FlowLab): Promise<unknown>;
  begin(lab: FlowLab): Promise<unknown>;
  /** How it came out: the state of the server, unless told otherwise. */
  outcome?(lab: FlowLab): Promise<string>;
  /** How it ends when all goes well. */
  readonly end: VmState | 'settled' | 'free';
  /** How it may end when one of its effects is refused, or is not done in time. */
  readonly otherwise: readonly VmState[];
}

const reserve = (lab: FlowLab, ...ids: readonly string[]): Promise<unknown> =>
  lab.send(QUOTA, {
    type: 'ReserveQuota',
    data: { reservations: ids.map((id) => serverReservation(id, { vcpus: 1, ramMb: 512 })) },
  });

async function launch(lab: FlowLab): Promise<void> {
  await reserve(lab, SERVER);
  await lab.send(TARGET, { type: 'LaunchInstance', data: request(lab.later(600_000)) });
}

async function launched(lab: FlowLab): Promise<void> {
  await launch(lab);
  await lab.settle();
}

/** Asks for an operation on the server. */
const operate = (lab: FlowLab, request: OperationRequest): Promise<unknown> =>
  lab.send(TARGET, commandOf(request, lab.later(0)));

/** Brings a launched server to a state. */
const broughtTo =
  (vmState: VmState) =>
  async (lab: FlowLab): Promise<void> => {
    await launched(lab);
    for (const request of pathTo(vmState) ?? []) {
      await operate(lab, request);
      await lab.settle();
    }
  };

/** Each operation of a host, from each state in which a server takes it. */
const OPERATIONS: readonly Flow[] = TENANT_REQUESTS.flatMap((request) =>
  startsOf(request).map((vmState): Flow => ({
    name: `${titleOf(request)} of a server that is ${vmState}`,
    prepare: broughtTo(vmState),
    begin: (lab) => operate(lab, request),
    end: targetFrom(request, vmState) ?? vmState,
    otherwise: hostOperationNamed(request.name).failure === 'error' ? ['error'] : [vmState],
  })),
);

const SNAPSHOT = TENANT_REQUESTS.find(({ name: one }) => one === 'createImage') as OperationRequest;

const claimName = (lab: FlowLab): Promise<unknown> =>
  lab.send(NAMES, { type: 'ClaimName', data: { name: 'Mine', ownerId: FLAVOR, ownerCategory: 'flavor' } });

const createFlavor = (lab: FlowLab): Promise<unknown> => {
  const { target, command } = flavor({ flavorId: FLAVOR, name: 'Mine' });
  return lab.send(target, command);
};

const name = async (lab: FlowLab): Promise<string> => {
  const holder = holderOf(await lab.state(NAMES), 'Mine');
  return holder === undefined ? 'free' : holder.settled ? 'settled' : 'claimed';
};

const reservation = async (lab: FlowLab): Promise<string> => {
  const { held, unconfirmed } = await lab.state(QUOTA);
  return held.size === 0 ? 'free' : unconfirmed.size === 0 ? 'settled' : 'reserved';
};

const nothing = (): Promise<void> => Promise.resolve();

const remove = (lab: FlowLab): Promise<unknown> => lab.send(TARGET, { type: 'DeleteInstance', data: {} });

export const FLOWS: readonly Flow[] = [
  { name: 'launch', prepare: nothing, begin: launch, end: 'active', otherwise: ['active', 'error'] },
  ...OPERATIONS,
  {
    name: 'restart of the host',
    prepare: launched,
    begin: (lab) => lab.powerCycle(),
    end: 'active',
    otherwise: ['error'],
  },
  { name: 'delete', prepare: launched, begin: remove, end: 'deleted', otherwise: ['deleted'] },
  {
    name: 'delete while an image is asked for',
    prepare: launched,
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, SNAPSHOT);
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'delete when the host is to copy the disk',
    prepare: launched,
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, SNAPSHOT);
      await lab.settle(undefined, (owed) => owed.some((one) => nameOf(one) === 'snapshot-instance'));
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'restart of the host when it is to copy the disk',
    prepare: launched,
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, SNAPSHOT);
      await lab.settle(undefined, (owed) => owed.some((one) => nameOf(one) === 'snapshot-instance'));
      await lab.powerCycle();
    },
    end: 'active',
    otherwise: ['active', 'error'],
  },
  {
    name: 'delete of a stopped server',
    prepare: broughtTo('stopped'),
    begin: remove,
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'delete right after the launch',
    prepare: nothing,
    begin: async (lab: FlowLab): Promise<void> => {
      await launch(lab);
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'delete when the launch is the host’s turn',
    prepare: nothing,
    begin: async (lab: FlowLab): Promise<void> => {
      await launch(lab);
      await lab.settle(undefined, (owed) => owed.some((one) => nameOf(one) === 'ensure-instance'));
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'a reservation whose launch never came',
    prepare: nothing,
    begin: (lab) => reserve(lab, SERVER),
    outcome: reservation,
    end: 'free',
    otherwise: [],
  },
  {
    name: 'a request for two servers that was cut off after the first',
    prepare: nothing,
    begin: async (lab: FlowLab): Promise<void> => {
      await reserve(lab, SERVER, OTHER);
      await lab.send(TARGET, { type: 'LaunchInstance', data: request(lab.later(600_000)) });
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'a request for two servers that was cut off before it was confirmed',
    prepare: nothing,
    begin: async (lab: FlowLab): Promise<void> => {
      await reserve(lab, SERVER, OTHER);
      for (const id of [SERVER, OTHER]) {
        const data = { ...request(lab.later(600_000)), instanceId: id };
        await lab.send(streamRef('instance', id), { type: 'LaunchInstance', data });
      }
    },
    end: 'active',
    otherwise: ['active', 'error'],
  },
  {
    name: 'a name whose owner was never made',
    prepare: nothing,
    begin: claimName,
    outcome: name,
    end: 'free',
    otherwise: [],
  },
  {
    name: 'a name that was not confirmed when its owner was made',
    prepare: nothing,
    begin: async (lab: FlowLab): Promise<void> => {
      await claimName(lab);
      await createFlavor(lab);
    },
    outcome: name,
    end: 'settled',
    otherwise: [],
  },
];

/**
 * Effects that are not refused at will: their target gives back what is claimed or notes what it is told, or its answer
 * is the very thing that is asked for (AbandonCreation; flows above end in both ways).
 */
const NEVER_REFUSED: ReadonlySet<string> = new Set([
  'AbandonCreation',
  'AbandonImage',
  'DeleteImage',
  'RecordHostRestarted',
  'ReleaseAddress',
  'ReleaseCapacity',
  'ReleaseQuota',
  'UndoCreation',
]);

/** Effects that are given up at some time; all others stay owed until they are done. */
const EXPIRING: ReadonlySet<string> = new Set([
  'ensure-instance',
  'inject-nmi',
  'place',
  'rebuild-instance',
  'reboot-instance',
  'snapshot-instance',
]);

/** Whether an effect of that name can be treated so. */
export function applies(treatment: Treatment, effect: string): boolean {
  switch (treatment) {
    case 'twice':
    case 'error-before':
    case 'error-after':
      return true;
    case 'refused':
      return !NEVER_REFUSED.has(effect);
    case 'impossible':
      return EFFECT_JOBS.some((job) => job === effect);
    case 'expired':
      return EXPIRING.has(effect);
    case 'expired-late':
      return EXPIRING.has(effect) && effect !== 'place'; // nothing is done of a choice before it is recorded
  }
}

export const hasReason = ({ vmState, fault }: Instance): boolean => vmState !== 'error' || fault !== undefined;

const request = (notAfter: string): LaunchRequest =>
  launchOf({ instanceId: SERVER, projectId: PROJECT, networks: [{ networkId: NETWORK, address: null }], notAfter });
