import { deriveId } from '../ids';
import type { Instant } from '../kernel/time';
import { isClaimed } from './attachments';
import type { PlacedOn } from './placement/placement';
import type { SnapshotPart } from './snapshot/image';
import type { Debt, Instance } from './state';

/**
 * What a host holds for the instance. The host removes the domain first: it uses memory and address until then. Where the
 * instance stays, the host only removes disks that are not used any more.
 */
export function debtsTo(
  place: PlacedOn | undefined,
  { request, host, placement, deletion }: Instance,
  generation: number,
): readonly Debt[] {
  if (place === undefined || request === undefined) return [];
  const { hostId, claimId, claimed } = place;
  const ends = placement === undefined || placement.purpose === 'launch' ? {} : { notAfter: placement.notAfter };
  const id = deriveId(request.instanceId, 'release', claimId);
  const claim: Debt = { id, kind: 'host-claim', hostId, claimId, ...ends };
  if (!claimed) return [claim]; // the claim may be under way: its release leaves a tombstone
  const stays = deletion === undefined && host?.hostId === hostId && host.claimId !== claimId;
  const [kind, verb] = stays ? (['disks', 'discard'] as const) : (['domain', 'remove'] as const);
  const removalId = deriveId(request.instanceId, verb, claimId, generation);
  return [{ id: removalId, kind, hostId, generation, attempt: 1, notBefore: null }, claim];
}

/** What the target of a running placement holds. */
export const targetDebts = (instance: Instance, generation: number): readonly Debt[] =>
  debtsTo(instance.placement?.target, instance, generation);

/** What all hosts hold: the instance's own, the one that it may go back to, and the target of a running placement. */
export const hostDebts = (instance: Instance, generation: number): readonly Debt[] => [
  ...debtsTo(instance.host, instance, generation),
  ...debtsTo(instance.former?.host, instance, generation),
  ...targetDebts(instance, generation),
];

/**
 * The addresses that the instance holds, or may still get, and the floating IPs that lead to them.
 * @param notAfter the deadline of their claims, for others than the launch's
 */
export const interfaceDebts = (
  { interfaces, floating = [], request }: Pick<Instance, 'interfaces' | 'floating' | 'request'>,
  notAfter?: Instant,
): readonly Debt[] => [
  ...interfaces.filter(isClaimed).map(({ id, asked }): Debt => ({
    id: deriveId(request?.instanceId ?? '', 'release', id),
    kind: 'address',
    networkId: asked.networkId,
    claimId: id,
    ...(notAfter === undefined ? {} : { notAfter }),
  })),
  ...floating.map(({ floatingIpId, associationId }): Debt => ({
    id: deriveId(associationId, 'lose-port'),
    kind: 'floating-ip',
    floatingIpId,
    associationId,
  })),
];

/** The image of a running operation, which must not stay half done when the operation ends without success. */
export const snapshotDebts = ({ operation }: Instance): readonly Debt[] =>
  operation?.snapshot === undefined ? [] : [imageDebt('abandon', operation.snapshot.imageId)];

/** @param by what owes it, if not the image itself */
const imageDebt = (how: 'abandon' | 'delete', imageId: string, by?: string): Debt => ({
  id: by === undefined ? deriveId(imageId, how) : deriveId(by, how, imageId),
  kind: 'image',
  imageId,
  how,
});

/** The image of a server that is not to be shelved any more. */
export const shelvedDebts = ({ shelved }: Pick<Instance, 'shelved'>): readonly Debt[] =>
  shelved === undefined ? [] : [imageDebt('delete', shelved.imageId)];

/**
 * The images that the one of a running operation takes the place of, once it is there. Two operations may take the place
 * of the same image: since version 2 of their process each owes its end for itself.
 */
export function supersededDebts({ operation }: Instance, part: SnapshotPart<object> | undefined): readonly Debt[] {
  if (operation?.snapshot === undefined) return [];
  const { imageId } = operation.snapshot;
  const superseded = part?.superseded?.(operation.input, imageId) ?? [];
  return superseded.map((id) =>
    imageDebt('delete', id, operation.process === 2 && id !== imageId ? imageId : undefined),
  );
}

/** Servers of a release without security groups have told nobody of theirs. */
export const membershipDebts = ({ request }: Instance): readonly Debt[] =>
  request?.groups === undefined
    ? []
    : [{ id: deriveId(request.instanceId, 'release', 'membership'), kind: 'membership' }];

export const quotaDebt = (instanceId: string): Debt => ({
  id: deriveId(instanceId, 'release', 'quota'),
  kind: 'quota',
});

/** Adds debts that are not in the list already. */
export const withDebts = (owed: readonly Debt[], more: readonly Debt[]): readonly Debt[] => [
  ...owed,
  ...more.filter(({ id }) => owed.every((debt) => debt.id !== id)),
];
