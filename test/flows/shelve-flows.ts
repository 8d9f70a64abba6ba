import type { OperationRequest, VmState } from '@cairn/domain';

import { requestNamed } from '../../libs/domain/src/testing/operations';

import type { FlowLab } from './flow-lab';
import { alone, broughtTo, type Flow, launched, operate, remove, untilOwed } from './flow-server';

const SHELVE = requestNamed('shelve');
const AT_ONCE: OperationRequest = { name: 'shelve', input: { ...SHELVE.input, offloadAfterMs: 0 } };
const LATER: OperationRequest = { name: 'shelve', input: { ...SHELVE.input, offloadAfterMs: 60_000 } };
const OFFLOAD: OperationRequest = { name: 'shelveOffload', input: {} };
const UNSHELVE = requestNamed('unshelve');

async function offloaded(lab: FlowLab): Promise<void> {
  await launched(lab);
  await operate(lab, AT_ONCE);
  await lab.settle();
}

async function shelvedAlone(lab: FlowLab): Promise<void> {
  await broughtTo('shelved')(lab);
  await alone(lab);
}

const untilSnapshot = async (lab: FlowLab): Promise<void> => {
  await operate(lab, SHELVE);
  await untilOwed(lab, 'snapshot-instance');
};

const GONE: readonly VmState[] = ['deleted'];

/** A server that is shelved, lets its host go, and comes back from its image. */
export const SHELVING: readonly Flow[] = [
  {
    name: 'shelve with an offload at once',
    prepare: launched,
    begin: (lab) => operate(lab, AT_ONCE),
    end: 'shelved_offloaded',
    otherwise: ['active', 'error', 'shelved_offloaded'],
  },
  {
    name: 'shelve with an offload later',
    prepare: launched,
    begin: (lab) => operate(lab, LATER),
    end: 'shelved_offloaded',
    otherwise: ['active', 'error', 'shelved_offloaded'],
  },
  {
    name: 'offload by hand',
    prepare: broughtTo('shelved'),
    begin: (lab) => operate(lab, OFFLOAD),
    end: 'shelved_offloaded',
    otherwise: ['shelved_offloaded'],
  },
  {
    name: 'unshelve of a server that is offloaded',
    prepare: offloaded,
    begin: (lab) => operate(lab, UNSHELVE),
    end: 'active',
    otherwise: ['shelved_offloaded', 'active', 'error'],
  },
  {
    name: 'unshelve on the only host, which has just cleared the server away',
    prepare: shelvedAlone,
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, OFFLOAD);
      await untilOwed(lab, 'ReleaseCapacity');
      await operate(lab, UNSHELVE);
    },
    end: 'active',
    otherwise: ['shelved_offloaded', 'active', 'error'],
  },
  {
    name: 'delete of a server that its host clears away',
    prepare: broughtTo('shelved'),
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, OFFLOAD);
      await remove(lab);
    },
    end: 'deleted',
    otherwise: GONE,
  },
  { name: 'delete of a shelved server', prepare: broughtTo('shelved'), begin: remove, end: 'deleted', otherwise: GONE },
  { name: 'delete of an offloaded server', prepare: offloaded, begin: remove, end: 'deleted', otherwise: GONE },
  {
    name: 'delete of a server that is being unshelved',
    prepare: offloaded,
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, UNSHELVE);
      await untilOwed(lab, 'ensure-instance');
      await remove(lab);
    },
    end: 'deleted',
    otherwise: GONE,
  },
  {
    name: 'delete of a server that is being shelved',
    prepare: launched,
    begin: async (lab: FlowLab): Promise<void> => {
      await untilSnapshot(lab);
      await remove(lab);
    },
    end: 'deleted',
    otherwise: GONE,
  },
  {
    name: 'restart of the host while it is to shelve a server',
    prepare: launched,
    begin: async (lab: FlowLab): Promise<void> => {
      await untilSnapshot(lab);
      await lab.powerCycle();
    },
    end: 'shelved',
    otherwise: ['active', 'error'],
  },
];
