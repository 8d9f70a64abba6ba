import { deriveId } from '../ids';
import type { Debt, Instance } from './state';

/** The id of an instance's claim on an address of one network: the same at every try. */
export const addressClaimId = (instanceId: string, networkId: string): string =>
  deriveId(instanceId, 'address', networkId);

/** The id of the claim of one launch attempt on its host. */
export const hostClaimId = (instanceId: string, attempt: number): string => deriveId(instanceId, 'host', attempt);

/** What the host holds for the instance. The domain goes first: its memory and its address are in use until then. */
export function hostDebts(instance: Instance, generation: number): readonly Debt[] {
  const { host, request } = instance;
  if (host === undefined || request === undefined) return [];
  const claim: Debt = {
    id: deriveId(request.instanceId, 'release', host.claimId),
    kind: 'host-claim',
    hostId: host.hostId,
    claimId: host.claimId,
  };
  if (!host.claimed) return [claim]; // the claim may be under way: its release leaves a tombstone
  const domain: Debt = {
    id: deriveId(request.instanceId, 'remove', host.claimId, generation),
    kind: 'domain',
    hostId: host.hostId,
    generation,
    attempt: 1,
    notBefore: null,
  };
  return [domain, claim];
}

/** Addresses that the instance holds or, while launching, may be about to be given. */
export function addressDebts(instance: Instance): readonly Debt[] {
  const { request } = instance;
  if (request === undefined) return [];
  const asked = instance.launch === undefined ? [] : request.networks.map(({ networkId }) => networkId);
  const held = instance.addresses.map(({ network }) => network.networkId);
  return [...new Set([...asked, ...held])].map((networkId): Debt => {
    const claimId = addressClaimId(request.instanceId, networkId);
    return { id: deriveId(request.instanceId, 'release', claimId), kind: 'address', networkId, claimId };
  });
}

export const quotaDebt = (instanceId: string): Debt => ({
  id: deriveId(instanceId, 'release', 'quota'),
  kind: 'quota',
});

/** Adds what is not owed already. */
export const withDebts = (owed: readonly Debt[], more: readonly Debt[]): readonly Debt[] => [
  ...owed,
  ...more.filter(({ id }) => owed.every((debt) => debt.id !== id)),
];
