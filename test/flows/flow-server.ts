import {
  addressClaimId,
  commandOf,
  defaultGroupId,
  type LaunchRequest,
  type OperationRequest,
  serverReservation,
  streamRef,
  type VmState,
} from '@cairn/domain';

import { launchOf } from '../../libs/domain/src/testing/model';
import { fitted, pathTo } from '../../libs/domain/src/testing/operations';

import { type FlowLab, nameOf, NETWORK, uuid } from './flow-lab';

/** The server that flows are about, and what is asked of it. */

export const SERVER = uuid(0x51);
export const PROJECT = uuid(0x52);
export const TARGET = streamRef('instance', SERVER);
export const QUOTA = streamRef('quota', PROJECT);

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
  readonly otherwise: readonly Flow['end'][];
}

export const reserve = (lab: FlowLab, ...ids: readonly string[]): Promise<unknown> =>
  lab.send(QUOTA, {
    type: 'ReserveQuota',
    data: { reservations: ids.map((id) => serverReservation(id, { vcpus: 1, ramMb: 512 })) },
  });

export async function launch(lab: FlowLab, over: Partial<LaunchRequest> = {}): Promise<void> {
  await reserve(lab, SERVER);
  await lab.send(TARGET, { type: 'LaunchInstance', data: { ...request(lab.later(600_000)), ...over } });
}

export async function launched(lab: FlowLab, over: Partial<LaunchRequest> = {}): Promise<void> {
  await launch(lab, over);
  await lab.settle();
}

/** Asks for an operation on the server. */
export const operate = (lab: FlowLab, request: OperationRequest): Promise<unknown> =>
  lab.send(TARGET, commandFor(lab, request));

export const commandFor = (lab: FlowLab, request: OperationRequest): ReturnType<typeof commandOf> =>
  commandOf(fitted(request, NETWORK, addressClaimId(SERVER, NETWORK)), lab.later(0));

/** Carries out what is owed until that effect is the one to come. */
export const untilOwed = (lab: FlowLab, effect: string): Promise<void> =>
  lab.settle(undefined, (owed) => owed.some((one) => nameOf(one) === effect));

/** Makes the host that the server is on the only one that takes servers. */
export async function alone(lab: FlowLab): Promise<void> {
  const { host } = await lab.state(TARGET);
  for (const { hostId } of lab.machines)
    if (hostId !== host?.hostId)
      await lab.send(streamRef('host', hostId), { type: 'DisableHost', data: { reason: null } });
}

/** Brings a launched server to a state. */
export const broughtTo =
  (vmState: VmState) =>
  async (lab: FlowLab): Promise<void> => {
    await launched(lab);
    for (const request of pathTo(vmState) ?? []) {
      await operate(lab, request);
      await lab.settle();
    }
  };

export const remove = (lab: FlowLab): Promise<unknown> => lab.send(TARGET, { type: 'DeleteInstance', data: {} });

export const request = (notAfter: string): LaunchRequest =>
  launchOf({
    instanceId: SERVER,
    projectId: PROJECT,
    networks: [{ networkId: NETWORK, address: null }],
    hardware: { guestAgent: true },
    groups: [{ groupId: defaultGroupId(PROJECT), name: 'default' }],
    notAfter,
  });
