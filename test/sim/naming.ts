import { deriveId, type FlavorRecord, streamRef } from '@cairn/domain';

import type { Request } from './client';
import { FLAVORS } from './flavors';

/** Few, so that some are asked for twice. */
export const NAMES = ['small', 'large', 'huge'];

interface NamingOrder {
  readonly name: string;
  readonly flavorId: string;
  readonly commandId: string;
}

const REGISTRY = streamRef('registry', 'flavornames');

const recordOf = ({ flavorId, name }: NamingOrder): FlavorRecord => ({
  ...(FLAVORS[0] as (typeof FLAVORS)[number]),
  rxtxFactor: 1,
  isPublic: true,
  flavorId,
  name,
});

function claim({ name, flavorId, commandId }: NamingOrder): Request {
  const data = { name, ownerId: flavorId, ownerCategory: 'flavor' };
  return (facade) => facade.send(REGISTRY, { type: 'ClaimName', data }, deriveId(commandId, 'claim'));
}

/** The steps of a creation under a name that only one may have, one by one. */
function steps(order: NamingOrder): Request {
  const { name, flavorId, commandId } = order;
  return async (facade) => {
    await claim(order)(facade);
    const target = streamRef('flavor', flavorId);
    await facade.send(target, { type: 'CreateFlavor', data: recordOf(order) }, deriveId(commandId, 'create'));
    const confirm = { type: 'ConfirmName', data: { name, ownerId: flavorId } } as const;
    await facade.send(REGISTRY, confirm, deriveId(commandId, 'confirm'));
  };
}

/** Ways to ask for a name: by the handler that the façades use, by its steps, and without ever going on after the claim. */
export const NAMINGS: Readonly<Record<'handler' | 'steps' | 'halfway', (order: NamingOrder) => Request>> = {
  handler: (order) => (facade) => facade.createFlavor(recordOf(order), order.commandId),
  steps,
  halfway: claim,
};
