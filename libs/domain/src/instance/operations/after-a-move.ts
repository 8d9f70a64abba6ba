import { moved } from '../move/settle';
import { type Standing, standingOf } from '../standing';
import type { Instance } from '../state';
import { immediateOperation, irregularHostOperation, type Nothing } from './definition';

interface Confirmed {
  readonly now: Standing;
}

/** Null for a server that has no way back. */
export function confirmationOf(instance: Instance): Confirmed | null {
  const standing = standingOf(instance);
  if (standing === undefined || instance.former === undefined) return null;
  return { now: { ...standing, vmState: instance.former.vmState } };
}

/** Keeps a server as the resize or migration has made it, and gives up what it was before. */
export const confirmResize = immediateOperation({
  name: 'confirmResize',
  past: 'resize-confirmed',
  meaning: 'The tenant keeps the resized or migrated server; what it was before is given up.',
  allowed: { vmStates: ['resized'] },
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
    allowed: { vmStates: ['resized'] },
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
