import { deriveId } from '../../ids';
import type { CommandEffect } from '../../kernel/effect';
import { securityGroupsRef } from '../../security-groups/default-group';
import type { Member, Membership } from '../../security-groups/events';
import { allAddresses } from '../interfaces/interfaces';
import { hostsOf } from '../interfaces/places';
import type { Decisions, Folds } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';
import { guardOf } from './guard';

/** What the stream of the project's groups knows of the server. */
export interface Told {
  readonly version: number;
  readonly membership: Membership;
}

export interface MembershipCommands {
  readonly RecordMembership: Told;
}

export interface MembershipEvents {
  /** The stream of the project's groups knows this of the server. */
  readonly 'instance.membership-told.v1': Told;
}

/** An older answer than one that is known says nothing. */
export const membershipDecisions: Decisions<MembershipCommands> = {
  RecordMembership: (data, { told }) =>
    data.version <= (told?.version ?? 0) ? [] : [{ type: 'instance.membership-told.v1', data }],
};

export const membershipFolds: Folds<MembershipEvents> = {
  'instance.membership-told.v1': (state, told) => ({ ...state, told }),
};

/**
 * What the stream of groups should know of a server that is not being deleted. Undefined where it need not know anything
 * new: a launch is told once it has a host and its addresses, and servers of a release without groups tell nothing.
 */
function membershipOf(state: Instance): Membership | undefined {
  const { placement, interfaces, told } = state;
  const guard = guardOf(state);
  if (guard === undefined) return undefined;
  const target = placement?.target;
  const launching = placement?.purpose === 'launch';
  if (launching && (target?.claimed !== true || interfaces.some(({ stage }) => stage === 'requested')))
    return undefined;
  const hosts = hostsOf(state);
  if (hosts.length === 0 && told === undefined) return undefined; // its launch failed before it had a host
  const ports = interfaces.flatMap(({ id, held }) =>
    held === undefined ? [] : [{ portId: id, addresses: allAddresses(held) }],
  );
  return { ...guard, ports, hosts };
}

/** Tells the stream of the project's groups where the server is, and in which of them. Its deletion is a debt. */
export function dueMembership(state: Instance): readonly CommandEffect[] {
  const membership = membershipOf(state);
  if (membership === undefined) return [];
  const text = JSON.stringify(membership);
  if (text === JSON.stringify(state.told?.membership)) return [];
  const { instanceId, projectId } = requestOf(state);
  const told: Told = { version: (state.told?.version ?? 0) + 1, membership };
  const record = (data: Told): { type: 'RecordMembership'; data: Told } => ({ type: 'RecordMembership', data });
  return [
    {
      kind: 'command',
      // also by what it tells: that may change before an answer has come
      id: deriveId(instanceId, 'membership', told.version, text),
      target: securityGroupsRef(projectId),
      command: { type: 'SetMember', data: { instanceId, projectId, ...told } },
      onDone: (answer) => record(answer === null ? told : knownBy(answer as Member)),
      onRefused: () => record(told),
    },
  ];
}

function knownBy({ instanceId: _id, projectId: _project, version, ...membership }: Member): Told {
  return { version, membership };
}
