import { DomainError } from '../../kernel/errors';
import type { Lock } from '../state';
import { immediateOperation, type Nothing } from './definition';

interface Reason {
  /** Free text that clients show (compute API 2.73). */
  readonly reason?: string | null;
}

/** Keeps the server's project from acting on it; administrators still may. A project cannot replace any lock by its own. */
export const lock = immediateOperation({
  name: 'lock',
  past: 'locked',
  meaning: 'The server is locked: until it is unlocked, only administrators can act on it.',
  allowed: { vmStates: 'any', tasks: 'any' },
  ignoresLock: true,
  decide({ reason = null }: Reason, instance, { caller }): Lock | null {
    const by = caller?.projectId === instance.request?.projectId ? 'owner' : 'admin';
    if (instance.lock !== undefined && (by === 'owner' || instance.lock.by === 'admin')) return null;
    return { by, reason };
  },
  evolve: (instance, data) => ({ ...instance, lock: data }),
});

interface Override {
  /** By policy the caller may also remove a lock that an administrator set. */
  readonly override?: boolean;
}

/** Removes the lock. An administrator's lock needs the policy rule that overrides it. */
export const unlock = immediateOperation({
  name: 'unlock',
  past: 'unlocked',
  meaning: 'The lock of the server is taken away.',
  allowed: { vmStates: 'any', tasks: 'any' },
  ignoresLock: true,
  decide({ override = false }: Override, { lock: held }): Nothing | null {
    if (held === undefined) return null;
    if (held.by === 'admin' && !override) throw new DomainError('forbidden', 'instance.locked-by-admin', OVERRIDE);
    return {};
  },
  evolve: (instance) => ({ ...instance, lock: undefined }),
});

const OVERRIDE = "Policy doesn't allow os_compute_api:os-lock-server:unlock:unlock_override to be performed.";
