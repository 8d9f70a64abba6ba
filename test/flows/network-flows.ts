import { networkRef, networkReservation, streamRef } from '@cairn/domain';

import { network } from '../../libs/domain/src/testing/model';

import { DNS_FLOWS } from './dns-flows';
import { type FlowLab, uuid } from './flow-lab';
import { type Flow, PROJECT, QUOTA } from './flow-server';

const TARGET = streamRef('network', uuid(0x71));

const reserve = (lab: FlowLab): Promise<unknown> =>
  lab.send(QUOTA, { type: 'ReserveQuota', data: { reservations: [networkReservation(TARGET.id, uuid(0x72))] } });

/** A network that a tenant has made. */
async function made(lab: FlowLab): Promise<void> {
  await reserve(lab);
  const { command } = network({ networkId: TARGET.id, cidr: '10.1.0.0/28', gateway: '10.1.0.1', bridge: 'brtenant' });
  await lab.send(TARGET, {
    type: 'CreateNetwork',
    data: { ...command.data, projectId: PROJECT, countsFor: PROJECT },
  });
  await lab.send(QUOTA, { type: 'ConfirmQuota', data: { owners: [networkRef(TARGET.id)] } });
}

const counted = async (lab: FlowLab): Promise<string> =>
  Object.hasOwn((await lab.state(QUOTA)).usage, 'networks') ? 'counted' : 'free';

export const NETWORK_FLOWS: readonly Flow[] = [
  ...DNS_FLOWS,
  {
    name: 'a network that its project gives up',
    prepare: made,
    begin: (lab) => lab.send(TARGET, { type: 'DeleteNetwork', data: { alsoOfProject: true } }),
    outcome: counted,
    end: 'free',
    otherwise: ['free'],
  },
  {
    name: 'a network whose request was cut off',
    prepare: () => Promise.resolve(),
    begin: reserve,
    outcome: counted,
    end: 'free',
    otherwise: [],
  },
];
