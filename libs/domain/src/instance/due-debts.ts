import { deriveId } from '../ids';
import type { CommandEffect, Effect } from '../kernel/effect';
import type { InstanceCommand } from './commands';
import { instanceJob } from './jobs';
import { instanceRef } from './quota';
import { requestOf } from './spec-of';
import { type Debt, type Instance, isRemoval } from './state';

const command = (type: InstanceCommand['type'], data: object): { type: string; data: object } => ({ type, data });

/** A claim or an address goes back only when no domain that uses it is left, nor disks; quota waits for nothing. */
export function dueDebts(state: Instance): readonly Effect[] {
  const used = state.debts.filter(isRemoval);
  const waits = (debt: Debt): boolean => {
    if (debt.kind === 'disks') return state.operation?.undone !== undefined; // its guest may still run on them
    if (debt.kind === 'host-claim') return used.some(({ hostId }) => hostId === debt.hostId);
    return debt.kind === 'address' && used.some(({ kind }) => kind === 'domain');
  };
  return state.debts.filter((debt) => !waits(debt)).map((debt) => settle(state, debt));
}

/** The sets of disks that the server uses on a host, or may use again. */
function setsOn(hostId: string, { host, diskSet, former, placement, operation }: Instance): readonly (string | null)[] {
  const sets = [
    host?.hostId === hostId ? [diskSet ?? null] : [],
    former?.host.hostId === hostId ? [former.diskSet ?? null] : [],
    placement?.target?.hostId === hostId && operation !== undefined ? [operation.operationId] : [],
  ];
  return sets.flat();
}

function settle(state: Instance, debt: Debt): Effect {
  const { instanceId, projectId, notAfter, image, kernel, ramdisk } = requestOf(state);
  const images = [state.disks?.image ?? image, kernel, ramdisk].filter((one) => one !== null);
  const released = (): { type: string; data: object } => command('RecordReleased', { debtId: debt.id });
  const release = (category: string, id: string, type: string, data: object): CommandEffect => ({
    kind: 'command',
    id: debt.id,
    target: { category, id },
    command: { type, data },
    onDone: released,
    onRefused: released, // the holding stream is deleted, and the claim with it; or the image is protected
  });
  switch (debt.kind) {
    case 'domain':
    case 'disks':
      return {
        kind: 'job',
        id: deriveId(debt.id, debt.attempt),
        hostId: debt.hostId,
        job:
          debt.kind === 'domain'
            ? instanceJob('remove-instance', instanceId, debt.generation, {})
            : instanceJob('discard-disks', instanceId, debt.generation, { keep: setsOn(debt.hostId, state), images }),
        ...(debt.notBefore === null ? {} : { notBefore: debt.notBefore }),
        onDone: released,
        // Cairn never gives up a removal: each failure starts a new attempt, until the host has removed the domain
        onRefused: ({ code, message }) =>
          command('RecordRemovalFailed', { debtId: debt.id, attempt: debt.attempt, code, message }),
      };
    case 'host-claim':
      return release('host', debt.hostId, 'ReleaseCapacity', {
        claimId: debt.claimId,
        notAfter: debt.notAfter ?? notAfter,
      });
    case 'address':
      return release('network', debt.networkId, 'ReleaseAddress', {
        claimId: debt.claimId,
        notAfter: debt.notAfter ?? notAfter,
      });
    case 'floating-ip':
      return release('floatingip', debt.floatingIpId, 'LoseFloatingIpPort', {
        associationId: debt.associationId,
        code: 'instance.deleted',
        message: 'The server has given its addresses back.',
      });
    case 'image':
      return debt.how === 'abandon'
        ? release('image', debt.imageId, 'AbandonImage', { imageId: debt.imageId })
        : release('image', debt.imageId, 'DeleteImage', {});
    case 'membership': {
      const version = (state.told?.version ?? 0) + 1;
      return release('securitygroups', projectId, 'SetMember', { instanceId, projectId, version, membership: null });
    }
    case 'quota':
      return release('quota', projectId, 'ReleaseQuota', { owner: instanceRef(instanceId) });
    case 'reservation': {
      const { amounts, version } = debt;
      return release('quota', projectId, 'SettleReservation', { owner: instanceRef(instanceId), amounts, version });
    }
  }
}
