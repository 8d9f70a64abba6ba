import { DNS } from '../dns/state';
import { deriveId } from '../ids';
import type { Message, StreamRef } from '../kernel/aggregate';
import type { CommandEffect, Effect, JobEffect, JobRequest } from '../kernel/effect';
import type { FloatingIpRecord } from './events';
import type { FloatingIpJobs } from './jobs';
import { type Association, type FloatingIp, floatingIpRef, type HostWork } from './state';

/**
 * Tells holders of ports what begins and ends, and hosts what to carry. A host that is cut off does not keep the address
 * from the next one; it keeps the address from going back to its pool.
 */
export function due(state: FloatingIp): readonly Effect[] {
  const { record, association, ended, hosts, life } = state;
  if (record === undefined) return [];
  return [
    ...ended.map(({ associationId, holder }) => unbind(record, associationId, holder)),
    ...(association?.bound === false ? [bind(record, association)] : []),
    ...hosts.filter(({ done }) => !done).map((work) => apply(record, association, work)),
    ...(life === 'deleted' ? giveBack(record, state) : []),
  ];
}

/** The id of the command that binds an association's port, for all who send it: a second one could come after the end. */
export const bindingId = (associationId: string): string => deriveId(associationId, 'bind');

function bind(
  { floatingIpId, address }: FloatingIpRecord,
  { associationId, holder, portId }: Association,
): CommandEffect {
  return {
    kind: 'command',
    id: bindingId(associationId),
    target: holder,
    command: { type: 'BindFloatingIp', data: { floatingIpId, associationId, address, portId } },
    onDone: () => ({ type: 'RecordFloatingIpBound', data: { associationId } }),
    onRefused: ({ code, message }) => ({ type: 'LoseFloatingIpPort', data: { associationId, code, message } }),
  };
}

function unbind({ floatingIpId }: FloatingIpRecord, associationId: string, holder: StreamRef): CommandEffect {
  const told = (): Message => ({ type: 'RecordFloatingIpUnbound', data: { associationId } });
  return {
    kind: 'command',
    id: deriveId(associationId, 'unbind'),
    target: holder,
    command: { type: 'UnbindFloatingIp', data: { floatingIpId, associationId } },
    onDone: told,
    onRefused: told,
  };
}

function apply(record: FloatingIpRecord, association: Association | undefined, work: HostWork): JobEffect {
  const { hostId, generation, attempt, notBefore } = work;
  return {
    kind: 'job',
    id: deriveId(record.floatingIpId, 'apply', hostId, generation, attempt),
    hostId,
    job: jobOf(record, association, work),
    ...(notBefore === null ? {} : { notBefore }),
    onDone: () => ({ type: 'RecordFloatingIpApplied', data: { hostId, generation } }),
    onRefused: ({ code, message }) => ({
      type: 'RecordFloatingIpApplyFailed',
      data: { hostId, generation, attempt, code, message },
    }),
  };
}

function jobOf(
  { floatingIpId, address, interface: at }: FloatingIpRecord,
  association: Association | undefined,
  { wants, generation }: HostWork,
): JobRequest {
  const resource = floatingIpRef(floatingIpId);
  if (association === undefined || wants === 'dropped')
    return { kind: 'remove-floating-ip', resource, generation, payload: {} };
  const { holder, networkId, fixedAddress } = association;
  const payload: FloatingIpJobs['ensure-floating-ip'] = { address, interface: at, holder, networkId, fixedAddress };
  return { kind: 'ensure-floating-ip', resource, generation, payload };
}

/** The address goes back only when no host carries it and no name stands for it any more; quota waits for nothing. */
function giveBack(
  { floatingIpId, projectId, poolId, address, autoAssigned }: FloatingIpRecord,
  state: FloatingIp,
): readonly CommandEffect[] {
  const give = (what: FloatingIp['returned'][number], target: StreamRef, command: Message): CommandEffect => {
    const returned = (): Message => ({ type: 'RecordFloatingIpReturned', data: { what } });
    return {
      kind: 'command',
      id: deriveId(floatingIpId, 'return', what),
      target,
      command,
      onDone: returned,
      onRefused: returned,
    };
  };
  const data = { owner: floatingIpRef(floatingIpId) };
  const { returned, named, hosts } = state;
  const isNamed = named === true && !returned.includes('names');
  const isCarried = hosts.length > 0;
  return [
    ...(isNamed ? [give('names', DNS, { type: 'ForgetDnsAddress', data: { address } })] : []),
    ...(autoAssigned === true || returned.includes('quota')
      ? []
      : [give('quota', { category: 'quota', id: projectId }, { type: 'ReleaseQuota', data })]),
    ...(returned.includes('address') || isNamed || isCarried
      ? []
      : [give('address', { category: 'floatingpool', id: poolId }, { type: 'ReleaseFloatingAddress', data })]),
  ];
}
