import { deriveId } from '../ids';
import type { CommandEffect, Effect } from '../kernel/effect';
import type { InstanceCommand } from './commands';
import { instanceJob } from './jobs';
import { instanceRef } from './quota';
import { requestOf } from './spec-of';
import type { Debt, Instance } from './state';

const command = (type: InstanceCommand['type'], data: object): { type: string; data: object } => ({ type, data });

/** A claim or an address goes back only when no domain that uses it is left; quota and images wait for nothing. */
const WAITS_FOR_NOTHING: ReadonlySet<Debt['kind']> = new Set(['domain', 'quota', 'image']);

export function dueDebts(state: Instance): readonly Effect[] {
  const domainLeft = state.debts.some(({ kind }) => kind === 'domain');
  return state.debts
    .filter(({ kind }) => !domainLeft || WAITS_FOR_NOTHING.has(kind))
    .map((debt) => settle(state, debt));
}

function settle(state: Instance, debt: Debt): Effect {
  const { instanceId, projectId, notAfter } = requestOf(state);
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
      return {
        kind: 'job',
        id: deriveId(debt.id, debt.attempt),
        hostId: debt.hostId,
        job: instanceJob('remove-instance', instanceId, debt.generation, {}),
        ...(debt.notBefore === null ? {} : { notBefore: debt.notBefore }),
        onDone: released,
        // Cairn never gives up a removal: each failure starts a new attempt, until the host has removed the domain
        onRefused: ({ code, message }) =>
          command('RecordRemovalFailed', { debtId: debt.id, attempt: debt.attempt, code, message }),
      };
    case 'host-claim':
      return release('host', debt.hostId, 'ReleaseCapacity', { claimId: debt.claimId, notAfter });
    case 'address':
      return release('network', debt.networkId, 'ReleaseAddress', { claimId: debt.claimId, notAfter });
    case 'image':
      return debt.how === 'abandon'
        ? release('image', debt.imageId, 'AbandonImage', { imageId: debt.imageId })
        : release('image', debt.imageId, 'DeleteImage', {});
    case 'quota':
      return release('quota', projectId, 'ReleaseQuota', { owner: instanceRef(instanceId) });
  }
}
