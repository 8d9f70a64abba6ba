import type { Context, StreamRef } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { abandons, requireAbsent, requireLive } from '../kernel/owned';
import type { AbandonCreation } from '../kernel/reservations';
import type { FloatingIpEvents, FloatingIpRecord, FloatingTarget } from './events';
import { type FloatingIp, type FloatingIpEvent, type HostWork, isWork, type WorkRef } from './state';

interface Associated {
  readonly associationId: string;
}

export type FloatingIpCommand =
  | { readonly type: 'AllocateFloatingIp'; readonly data: FloatingIpRecord }
  | AbandonCreation
  /** What a server gets at its launch: it leads to a port from the beginning, and goes when the port goes. */
  | {
      readonly type: 'AssignFloatingIp';
      readonly data: { readonly record: FloatingIpRecord; readonly target: FloatingTarget };
    }
  /** Leads the address to a port; it leaves the one that it led to before. */
  | { readonly type: 'AssociateFloatingIp'; readonly data: FloatingTarget }
  /** @property holder whom it must lead to now; null for anybody. */
  | { readonly type: 'DisassociateFloatingIp'; readonly data: { readonly holder: StreamRef | null } }
  | { readonly type: 'ReleaseFloatingIp'; readonly data: Record<string, never> }
  | { readonly type: 'RecordFloatingIpBound'; readonly data: Associated }
  | { readonly type: 'RecordFloatingIpUnbound'; readonly data: Associated }
  /** The holder has no such port, or not any more. */
  | {
      readonly type: 'LoseFloatingIpPort';
      readonly data: Associated & { readonly code: string; readonly message: string };
    }
  /** The holder says where its port is. Refused if the address does not lead there. */
  | { readonly type: 'PlaceFloatingIp'; readonly data: FloatingIpEvents['floating-ip.placed.v1'] }
  | { readonly type: 'RecordFloatingIpApplied'; readonly data: FloatingIpEvents['floating-ip.applied.v1'] }
  | { readonly type: 'RecordFloatingIpApplyFailed'; readonly data: FloatingIpEvents['floating-ip.apply-failed.v1'] }
  | { readonly type: 'RecordFloatingIpReturned'; readonly data: FloatingIpEvents['floating-ip.returned.v1'] };

const sameRef = (one: StreamRef, other: StreamRef): boolean => one.category === other.category && one.id === other.id;

function associate(target: FloatingTarget, state: FloatingIp, { commandId }: Context): readonly FloatingIpEvent[] {
  const { association } = state;
  const begun: FloatingIpEvent = { type: 'floating-ip.associated.v1', data: { associationId: commandId, ...target } };
  if (association === undefined) return [begun];
  const { portId, holder, fixedAddress } = association;
  if (portId === target.portId && fixedAddress === target.fixedAddress && sameRef(holder, target.holder)) return [];
  return [...disassociate(state), begun];
}

const disassociate = ({ association }: FloatingIp): readonly FloatingIpEvent[] =>
  association === undefined
    ? []
    : [{ type: 'floating-ip.disassociated.v1', data: { associationId: association.associationId } }];

const released = ({ record }: FloatingIp): FloatingIpEvent => ({
  type: 'floating-ip.released.v1',
  data: { floatingIpId: record?.floatingIpId ?? '', names: true },
});

/** @throws DomainError `floating-ip.exists`, unless that is a repeat. */
function assign(
  { record, target }: Extract<FloatingIpCommand, { type: 'AssignFloatingIp' }>['data'],
  state: FloatingIp,
  { commandId }: Context,
): readonly FloatingIpEvent[] {
  if (state.life === 'live' && state.association?.portId === target.portId) return [];
  requireAbsent(state.life, 'floating-ip', record.floatingIpId);
  return [
    { type: 'floating-ip.allocated.v1', data: { ...record, autoAssigned: true } },
    { type: 'floating-ip.associated.v1', data: { associationId: commandId, ...target } },
  ];
}

/** @throws DomainError `floating-ip.auto-assigned` in nova's words: what a server got at its launch stays with it. */
function requireAsked({ record }: FloatingIp): void {
  if (record?.autoAssigned !== true) return;
  throw new DomainError('forbidden', 'floating-ip.auto-assigned', 'Cannot disassociate auto assigned floating IP');
}

/** @throws DomainError `floating-ip.not-associated`. */
function requireHolder(holder: StreamRef | null, { association }: FloatingIp): void {
  if (association !== undefined && (holder === null || sameRef(association.holder, holder))) return;
  throw new DomainError('conflict', 'floating-ip.not-associated', 'Floating IP is not associated.');
}

function decideForUser(
  command: FloatingIpCommand,
  state: FloatingIp,
  context: Context,
): readonly FloatingIpEvent[] | undefined {
  switch (command.type) {
    case 'AllocateFloatingIp':
      requireAbsent(state.life, 'floating-ip', command.data.floatingIpId);
      return [{ type: 'floating-ip.allocated.v1', data: command.data }];
    case 'AbandonCreation':
      return abandons(state.life, 'floating-ip')
        ? [{ type: 'floating-ip.creation-abandoned.v1', data: { floatingIpId: command.data.id } }]
        : [];
    case 'AssignFloatingIp':
      return assign(command.data, state, context);
    case 'AssociateFloatingIp':
      requireLive(state.life, 'floating-ip');
      if (state.record?.autoAssigned === true) return []; // nova says nothing of it either
      return associate(command.data, state, context);
    case 'DisassociateFloatingIp':
      requireLive(state.life, 'floating-ip');
      requireHolder(command.data.holder, state);
      requireAsked(state);
      return disassociate(state);
    case 'ReleaseFloatingIp':
      requireLive(state.life, 'floating-ip');
      requireAsked(state);
      return [...disassociate(state), released(state)];
    default:
      return undefined;
  }
}

type Records = Exclude<
  FloatingIpCommand,
  {
    type:
      | 'AllocateFloatingIp'
      | 'AbandonCreation'
      | 'AssignFloatingIp'
      | 'AssociateFloatingIp'
      | 'DisassociateFloatingIp'
      | 'ReleaseFloatingIp';
  }
>;

const openWork = (hosts: FloatingIp['hosts'], ref: WorkRef): HostWork | undefined =>
  hosts.find((work) => isWork(work, ref) && !work.done);

/** What holders and hosts say. A repeat, or what comes too late, changes nothing. */
function decideRecord(command: Records, state: FloatingIp): readonly FloatingIpEvent[] {
  const { association, ended: former, hosts, returned } = state;
  switch (command.type) {
    case 'RecordFloatingIpBound':
      if (association?.associationId !== command.data.associationId || association.bound) return [];
      return [{ type: 'floating-ip.bound.v1', data: command.data }];
    case 'RecordFloatingIpUnbound':
      if (!former.some(({ associationId }) => associationId === command.data.associationId)) return [];
      return [{ type: 'floating-ip.unbound.v1', data: command.data }];
    case 'LoseFloatingIpPort': {
      const { associationId, ...lost } = command.data;
      if (association?.associationId !== associationId) return [];
      const ended: FloatingIpEvent = { type: 'floating-ip.disassociated.v1', data: { associationId, lost } };
      return state.record?.autoAssigned === true ? [ended, released(state)] : [ended];
    }
    case 'PlaceFloatingIp':
      if (association?.associationId !== command.data.associationId)
        throw new DomainError('conflict', 'floating-ip.not-associated', 'Floating IP is not associated.');
      return command.data.version <= association.version ? [] : [{ type: 'floating-ip.placed.v1', data: command.data }];
    case 'RecordFloatingIpApplied':
      return openWork(hosts, command.data) === undefined
        ? []
        : [{ type: 'floating-ip.applied.v1', data: command.data }];
    case 'RecordFloatingIpApplyFailed':
      return openWork(hosts, command.data)?.attempt === command.data.attempt
        ? [{ type: 'floating-ip.apply-failed.v1', data: command.data }]
        : [];
    case 'RecordFloatingIpReturned':
      return state.life !== 'deleted' || returned.includes(command.data.what)
        ? []
        : [{ type: 'floating-ip.returned.v1', data: command.data }];
    default:
      return unreachable(command);
  }
}

/** @throws DomainError `not-found` for one that is not there, `conflict` where it leads elsewhere. */
export const decide = (command: FloatingIpCommand, state: FloatingIp, context: Context): readonly FloatingIpEvent[] =>
  decideForUser(command, state, context) ?? decideRecord(command as Records, state);
