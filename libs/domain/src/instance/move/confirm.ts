import { deriveId } from '../../ids';
import type { CommandEffect } from '../../kernel/effect';
import type { InstanceEvent } from '../events';
import { confirmationOf } from '../operations/after-a-move';
import { commandToItself } from '../own-command';
import type { Decisions } from '../section';
import { requestOf } from '../spec-of';
import type { Instance } from '../state';

/** Confirms a resize or migration that nobody has confirmed or reverted in time. */
export interface ConfirmCommands {
  /** The moment names the move: of a later one it changes nothing. */
  readonly ConfirmUnanswered: { readonly confirmAt: string };
}

/** Whether it waits for an answer, with nothing under way. */
const waits = ({ vmState, deletion, operation }: Instance): boolean =>
  vmState === 'resized' && deletion === undefined && operation === undefined;

/** A command of the server to itself. Locks keep people away, not this. */
export function dueConfirm(state: Instance): readonly CommandEffect[] {
  const { confirmAt } = state;
  if (confirmAt === undefined || !waits(state)) return [];
  const id = deriveId(requestOf(state).instanceId, 'confirm', confirmAt);
  return [commandToItself(state, id, { type: 'ConfirmUnanswered', data: { confirmAt } }, confirmAt)];
}

export const confirmDecisions: Decisions<ConfirmCommands> = {
  ConfirmUnanswered({ confirmAt }, state): readonly InstanceEvent[] {
    if (!waits(state) || state.confirmAt !== confirmAt) return [];
    const data = confirmationOf(state);
    return data === null ? [] : [{ type: 'instance.resize-confirmed.v1', data }];
  },
};
