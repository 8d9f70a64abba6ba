import {
  EFFECT_JOBS,
  holderOf,
  hostOperationNamed,
  type Instance,
  type OperationRequest,
  streamRef,
  type VmState,
} from '@cairn/domain';

import { flavor } from '../../libs/domain/src/testing/model';
import { requestNamed, startsOf, targetFrom, TENANT_REQUESTS, titleOf } from '../../libs/domain/src/testing/operations';

import { FLOATING_FLOWS } from './floating-flows';
import { type FlowLab, uuid } from './flow-lab';
import {
  broughtTo,
  type Flow,
  launch,
  launched,
  operate,
  QUOTA,
  remove,
  request,
  reserve,
  SERVER,
  TARGET,
  untilOwed,
} from './flow-server';
import { MOVES } from './move-flows';
import { NETWORK_FLOWS } from './network-flows';
import { SHELVING } from './shelve-flows';
import type { Treatment } from './treatment';

export { type Flow, SERVER } from './flow-server';

/** Another in its first digits, by which hosts name taps. */
const OTHER = '54000000-0000-4000-8000-000000000000';
const NAMES = streamRef('registry', 'flavornames');
const FLAVOR = uuid(0x53);

/** Each operation of a host, from each state in which a server takes it. */
const OPERATIONS: readonly Flow[] = TENANT_REQUESTS.flatMap((request) =>
  startsOf(request).map((vmState): Flow => ({
    name: `${titleOf(request)} of a server that is ${vmState}`,
    prepare: broughtTo(vmState),
    begin: (lab) => operate(lab, request),
    end: targetFrom(request, vmState) ?? vmState,
    otherwise: otherwise(request.name, targetFrom(request, vmState) ?? vmState, vmState),
  })),
);

const SNAPSHOT = requestNamed('createImage');
const RESCUE = requestNamed('rescue');
const RESCUE_FOR_A_MINUTE: OperationRequest = { name: 'rescue', input: { ...RESCUE.input, endsAfterMs: 60_000 } };

/** How an operation may end: a move may still find another host, or not find back. */
function otherwise(name: string, end: VmState, before: VmState): readonly VmState[] {
  const { failure, goes } = hostOperationNamed(name);
  if (goes !== undefined) return [end, before, 'error'];
  return failure === 'error' ? ['error'] : [before];
}

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

const HOST = streamRef('host', uuid(0xa0));

/** Whether the host is still asked for images. */
const wanted = async (lab: FlowLab): Promise<string> =>
  (await lab.state(HOST)).wanted.length === 0 ? 'free' : 'reserved';

const nothing = (): Promise<void> => Promise.resolve();

export const FLOWS: readonly Flow[] = [
  { name: 'launch', prepare: nothing, begin: launch, end: 'active', otherwise: ['active', 'error'] },
  ...OPERATIONS,
  ...MOVES,
  ...SHELVING,
  ...FLOATING_FLOWS,
  ...NETWORK_FLOWS,
  {
    name: 'rescue that takes too long',
    prepare: launched,
    begin: (lab) => operate(lab, RESCUE_FOR_A_MINUTE),
    end: 'active',
    otherwise: ['active', 'error', 'rescued'],
  },
  {
    name: 'restart of the host',
    prepare: launched,
    begin: (lab) => lab.powerCycle(),
    end: 'active',
    otherwise: ['error'],
  },
  {
    name: 'the end of a soft-deleted server',
    prepare: broughtTo('soft-delete'),
    begin: (lab) => lab.passUntil(lab.later(60_000)),
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'images that a host is to have in advance',
    prepare: nothing,
    begin: (lab: FlowLab): Promise<unknown> => {
      const images = [1, 2].map((n) => {
        return { imageId: uuid(0xb0 + n), sha256: 'ab'.repeat(32), sizeBytes: 1_000, format: 'raw' };
      });
      return lab.send(HOST, { type: 'WantImages', data: { images, notAfter: lab.later(600_000) } });
    },
    outcome: wanted,
    end: 'free',
    otherwise: ['free'],
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
      await untilOwed(lab, 'snapshot-instance');
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
      await untilOwed(lab, 'snapshot-instance');
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
      await untilOwed(lab, 'ensure-instance');
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
  'ConfirmUnanswered',
  'DeleteImage',
  'EndRescue',
  'LoseFloatingIpPort',
  'PlaceFloatingIp',
  'ReclaimInstance',
  'RecordHostRestarted',
  'ReleaseAddress',
  'ReleaseCapacity',
  'ReleaseFloatingAddress',
  'ReleaseQuota',
  'SetMember',
  'SettleReservation',
  'UnbindFloatingIp',
  'UndoCreation',
]);

/** Effects that are given up at some time; all others stay owed until they are done. */
const EXPIRING: ReadonlySet<string> = new Set([
  'cache-image',
  'change-nics',
  'ensure-instance',
  'inject-nmi',
  'place',
  'set-guest-password',
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
