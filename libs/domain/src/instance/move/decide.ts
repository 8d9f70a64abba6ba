import { type Instant, isAfter, later } from '../../kernel/time';
import type { InstanceEvent } from '../events';
import { hostOperationNamed } from '../operations';
import { restoring } from '../operations/restore';
import { MAX_ATTEMPTS, noHostLeft } from '../placement/placement';
import type { Decisions } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import { legOf, reservationWanted } from './course';
import type { MoveCommands } from './messages';

export const moveDecisions: Decisions<MoveCommands> = {
  RecordReservationChanged: (data, state) =>
    state.operation?.operationId === data.operationId && reservationWanted(state) !== undefined
      ? [{ type: 'instance.reservation-changed.v1', data }]
      : [],
};

/** How long the way back may take, and to run again; then the server is in error, for an administrator to look at. */
const UNDO_LIMIT_MS = 15 * 60_000;

interface Failure {
  readonly code: string;
  readonly message: string;
  /** True when another host could not do it either. */
  readonly permanent: boolean;
}

/**
 * What follows when an operation cannot go on: another host, the way back to what was before, or the end. An operation
 * that has disturbed nothing ends at once; if the host has restarted meanwhile, the guest is made to run again.
 */
export function failing(state: Instance, { code, message, permanent }: Failure, at: Instant): readonly InstanceEvent[] {
  const { operation, placement } = state;
  if (operation === undefined) return [];
  const { operationId } = operation;
  const { name: kind, failure } = hostOperationNamed(operation.name);
  const failed = (why: { code: string; message: string }): InstanceEvent => ({
    type: 'instance.operation-failed.v1',
    data: { operationId, kind, ...why },
  });
  if (operation.undone !== undefined) {
    const { code: first, message: why } = operation.undone;
    const both = `${why} What was before could not be restored: ${message}`;
    return [
      { type: 'instance.operation-failed.v1', data: { operationId, kind, code: first, message: both, lost: true } },
    ];
  }
  const target = placement?.target;
  if (target?.claimed === true && legOf(operation).on === 'there' && !permanent) {
    const again = target.attempt < MAX_ATTEMPTS && isAfter(placement?.notAfter ?? at, at);
    const { attempt, hostId } = target;
    if (again)
      return [{ type: 'instance.move-attempt-failed.v1', data: { operationId, kind, attempt, hostId, code, message } }];
  }
  const last = target !== undefined && target.attempt >= MAX_ATTEMPTS && !permanent;
  const why = last ? noHostLeft(requestOf(state).instanceId, message) : { code, message };
  if (operation.disturbed !== true) {
    const { restarted } = operation;
    if (restarted === undefined || failure !== 'unchanged') return [failed(why)];
    return [failed(why), restoring({ ...restarted, notAfter: later(at, UNDO_LIMIT_MS) }, state.vmState, operationId)];
  }
  const notAfter = later(at, UNDO_LIMIT_MS);
  return [{ type: 'instance.operation-undoing.v1', data: { operationId, kind, ...why, notAfter } }];
}
