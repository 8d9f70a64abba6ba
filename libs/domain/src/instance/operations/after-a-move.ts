import { moved } from '../move/settle';
import { type Standing, standingOf } from '../standing';
import type { Instance } from '../state';
import type { Allowed } from './allowed';
import { immediateOperation, irregularHostOperation, type Nothing } from './definition';

interface Confirmed {
  readonly now: Standing;
}

/**
 * Null for a server that has no way back. One whose host lost its guest meanwhile is in error, or runs since it was mended:
 * it stays so.
 */
export function confirmationOf(instance: Instance): Confirmed | null {
  const standing = standingOf(instance);
  if (standing === undefined || instance.former === undefined) return null;
  return instance.vmState === 'resized'
    ? { now: { ...standing, vmState: instance.former.vmState } }
    : { now: standing };
}

/**
 * A server whose host lost its guest before the move was answered for. nova would need a change of its database to end
 * such a move; what it holds of the former host would stay for ever.
 */
const ALLOWED: Allowed = {
  vmStates: ['resized'],
  vmStatesWithWayBack: ['active', 'stopped', 'paused', 'suspended', 'rescued', 'error'],
};

/** Keeps a server as the resize or migration has made it, and gives up what it was before. */
export const confirmResize = immediateOperation({
  name: 'confirmResize',
  past: 'resize-confirmed',
  meaning: 'The tenant keeps the resized or migrated server; what it was before is given up.',
  allowed: ALLOWED,
  decide: (_nothing: Nothing, instance) => confirmationOf(instance),
  evolve: (instance: Instance, { now }): Instance => moved(instance, now, 'nothing'),
});

/** Brings back what the server was before a resize or migration: host, flavor and disks. */
export const revertResize = irregularHostOperation(
  {
    command: 'RevertResizeInstance',
    requested: 'instance.resize-reversion-requested.v1',
    accept: (asked: Nothing & { readonly notAfter: string }) => asked,
  },
  {
    name: 'revertResize',
    past: 'resize-reverted',
    meaning: 'The server is again what it was before the resize or migration, on the same host with the same disks.',
    requestMeaning: 'The tenant asked for what the server was before the resize or migration.',
    allowed: ALLOWED,
    task: 'resize_reverting',
    goes: 'back',
    legs: [
      { on: 'here', task: 'resize_reverting', power: 'stopped' },
      { on: 'there', task: 'resize_reverting', power: 'end' },
    ],
    leaves: 'nothing',
    target: { vmState: 'former' },
    failure: 'unchanged',
    // a tenant who asked for what was before does not want it confirmed if that fails
    begins: ({ confirmAt: _confirmAt, ...instance }) => instance,
  },
);
