import { deriveId } from '../../ids';
import { requested } from '../attachments';
import { interfaceDebts, withDebts } from '../debts';
import type { NetworkChoice } from '../launch/request';
import type { Instance } from '../state';
import { plugOf } from './interfaces';

/** How the interfaces of a server change after its launch. */

/** The port that an operation makes. */
export const newPortId = (operationId: string): string => deriveId(operationId, 'port');

/** Asks for one more, in the first place of the guest that is free. */
export function withInterface(state: Instance, portId: string, choice: NetworkChoice): Instance {
  const taken = new Set(state.interfaces.map((one) => plugOf(state, one)));
  let plug = 0;
  while (taken.has(plug)) plug += 1;
  return { ...state, interfaces: [...state.interfaces, requested(portId, { ...choice, plug })] };
}

/** Gives back an interface, with its address and the floating IPs that lead to it. */
export function withoutInterface(state: Instance, portId: string): Instance {
  const { interfaces, floating, placesTold, operation, request } = state;
  const gone = interfaces.filter(({ id }) => id === portId);
  const lost = floating?.filter(({ claimId }) => claimId === portId) ?? [];
  const owed = interfaceDebts({ interfaces: gone, floating: lost, request }, operation?.notAfter);
  return {
    ...state,
    interfaces: interfaces.filter(({ id }) => id !== portId),
    ...(floating === undefined ? {} : { floating: floating.filter(({ claimId }) => claimId !== portId) }),
    ...(placesTold === undefined ? {} : { placesTold: placesTold.filter(({ claimId }) => claimId !== portId) }),
    debts: withDebts(state.debts, owed),
  };
}

/** Gives up the interface that an operation has asked for and that has no address yet; one that has stays. */
export function withoutRequested(state: Instance): Instance {
  const { operation, interfaces } = state;
  const portId = newPortId(operation?.operationId ?? '');
  return interfaces.some(({ id, stage }) => id === portId && stage === 'requested')
    ? withoutInterface(state, portId)
    : state;
}
