import type { Context } from '../kernel/aggregate';
import { nextAttempt } from '../kernel/attempts';
import { unreachable } from '../kernel/errors';
import type { Instant } from '../kernel/time';
import type { FloatingIpEvents } from './events';
import { type FloatingIp, type FloatingIpEvent, type HostWork, isWork } from './state';

export function evolve(state: FloatingIp, event: FloatingIpEvent, { at }: Context): FloatingIp {
  switch (event.type) {
    case 'floating-ip.allocated.v1':
      return { ...state, life: 'live', record: event.data };
    case 'floating-ip.creation-abandoned.v1':
      return { ...state, life: 'abandoned' };
    case 'floating-ip.associated.v1':
      return { ...state, association: { ...event.data, bound: false, version: 0 } };
    case 'floating-ip.bound.v1':
      return withAssociation(state, event.data.associationId, { bound: true });
    case 'floating-ip.disassociated.v1':
      return disassociated(state, event.data);
    case 'floating-ip.unbound.v1':
      return {
        ...state,
        ended: state.ended.filter(({ associationId }) => associationId !== event.data.associationId),
      };
    case 'floating-ip.placed.v1': {
      const { associationId, version, hostId } = event.data;
      return movedTo(withAssociation(state, associationId, { bound: true, version }), hostId);
    }
    case 'floating-ip.applied.v1':
      return { ...state, hosts: state.hosts.flatMap((work) => applied(work, event.data)) };
    case 'floating-ip.apply-failed.v1':
      return { ...state, hosts: state.hosts.map((work) => triedAgain(work, event.data, at)) };
    case 'floating-ip.released.v1':
      return { ...state, life: 'deleted', ...(event.data.names === true ? { named: true } : {}) };
    case 'floating-ip.returned.v1':
      return { ...state, returned: [...state.returned, event.data.what] };
    default:
      return unreachable(event);
  }
}

function withAssociation(state: FloatingIp, id: string, change: { bound: true; version?: number }): FloatingIp {
  const { association } = state;
  return association?.associationId === id ? { ...state, association: { ...association, ...change } } : state;
}

function disassociated(
  state: FloatingIp,
  { associationId, lost }: FloatingIpEvents['floating-ip.disassociated.v1'],
): FloatingIp {
  const { association, ended } = state;
  if (association?.associationId !== associationId) return state;
  const { holder } = association;
  const told = lost === undefined ? [...ended, { associationId, holder }] : ended;
  return movedTo({ ...state, association: undefined, ended: told }, null);
}

/** That host is to carry the address, and every other one that may carry it is to let it go. */
function movedTo(state: FloatingIp, hostId: string | null): FloatingIp {
  const generation = state.generation + 1;
  const fresh = { generation, attempt: 1, notBefore: null, done: false } as const;
  const others = state.hosts
    .filter((work) => work.hostId !== hostId)
    .map((work): HostWork => (work.wants === 'dropped' ? work : { hostId: work.hostId, wants: 'dropped', ...fresh }));
  return {
    ...state,
    generation,
    hosts: hostId === null ? others : [...others, { hostId, wants: 'carried', ...fresh }],
  };
}

function applied(work: HostWork, done: FloatingIpEvents['floating-ip.applied.v1']): readonly HostWork[] {
  if (!isWork(work, done)) return [work];
  return work.wants === 'dropped' ? [] : [{ ...work, done: true }];
}

function triedAgain(work: HostWork, failed: FloatingIpEvents['floating-ip.apply-failed.v1'], at: Instant): HostWork {
  if (!isWork(work, failed) || work.attempt !== failed.attempt) return work;
  return { ...work, ...nextAttempt(failed.attempt, at) };
}
