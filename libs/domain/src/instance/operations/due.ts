import { type CommandEffect, type Effect, JOB_STEPS, type JobEffect, type Refusal } from '../../kernel/effect';
import type { Message } from '../../kernel/aggregate';
import { deriveId } from '../../ids';
import { atLeg, isLastLeg, legOf, powerAt, reservationWanted, searchOf, stageOf, undoLegs } from '../move/course';
import type { Amounts } from '../../quota/resources';
import { dueInterfaces } from '../interfaces/due';
import { duePlacement } from '../placement/due';
import { instanceRef } from '../quota';
import { instanceSpec, requestOf } from '../spec-of';
import { newImageRecord } from '../snapshot/image';
import type { Instance, Operation } from '../state';
import type { Power } from '../states';
import { type AnyHostOperation, hostOperationNamed } from './index';
import type { Leg, OperationJob } from './moving';

/**
 * What an operation owes: room in the quota and a host, for one that needs them; the record of the image that it makes, if
 * it makes one; then one job after the other.
 */
export function dueOperation(state: Instance, running: Operation): readonly Effect[] {
  const operation = hostOperationNamed(running.name);
  if (running.undone !== undefined) return [undoJob(state, running, operation)];
  if (state.placement !== undefined) {
    const wanted = reservationWanted(state);
    if (wanted !== undefined) return [changeReservation(state, running, wanted)];
    const placement = duePlacement(state, state.placement);
    if (placement.length > 0) return placement;
  }
  const addresses = dueInterfaces(state, { notAfter: running.notAfter, onRefused: failed(running) });
  if (addresses.length > 0) return addresses;
  const snapshot = newImage(running, operation);
  if (snapshot !== undefined) return [snapshot];
  const leg = legOf(running);
  return [job(state, running, leg, operation.job(running.input), powerAt(state, operation, leg))];
}

/** The guest does not run on two hosts: it waits until the one that it was to go to has cleared it away. */
function undoJob(state: Instance, running: Operation, operation: AnyHostOperation): JobEffect {
  const leg = undoLegs(state, running)[running.leg ?? 0];
  if (leg === undefined) throw new Error(`there is no such way back from ${running.name}`);
  const owed = job(state, running, leg, { kind: 'ensure-instance' }, powerAt(state, operation, leg));
  return state.debts.some(({ kind }) => kind === 'domain') ? { ...owed, notBefore: running.notAfter } : owed;
}

/** An operation with one job needs no word for which of them an outcome is of. */
const outcomeOf = (running: Operation): { readonly operationId: string; readonly leg?: number } => {
  const { operationId } = running;
  const single = isLastLeg({ ...running, leg: 0 }) && running.undone === undefined;
  return single ? { operationId } : { operationId, leg: stageOf(running) };
};

const failed =
  (running: Operation) =>
  ({ code, message, permanent }: Refusal): Message => {
    const { leg, operationId } = outcomeOf(running);
    const data = { operationId, code, message };
    return { type: 'RecordOperationFailed', data: leg === undefined ? data : { ...data, leg, permanent } };
  };

/** The image that an operation makes, until it is known. */
function newImage(running: Operation, { snapshot: part }: AnyHostOperation): CommandEffect | undefined {
  const { input, snapshot } = running;
  if (part === undefined || snapshot?.stage !== 'asked') return undefined;
  const { imageId } = snapshot;
  return {
    kind: 'command',
    id: deriveId(imageId, 'create'),
    target: { category: 'image', id: imageId },
    command: { type: 'CreateImage', data: newImageRecord(imageId, part.image(input)) },
    onDone: () => ({ type: 'RecordSnapshotProgress', data: { imageId, stage: 'made' } }),
    onRefused: failed(running),
  };
}

/** Asks the quota for the room that a bigger server needs. */
function changeReservation(state: Instance, running: Operation, amounts: Amounts): CommandEffect {
  const { operationId, input } = running;
  const { instanceId, projectId } = requestOf(state);
  const classLimits = searchOf(state)?.limits?.(input) ?? {};
  return {
    kind: 'command',
    id: deriveId(operationId, 'reservation'),
    target: { category: 'quota', id: projectId },
    command: {
      type: 'ChangeReservation',
      data: { owner: instanceRef(instanceId), amounts, version: state.generation, classLimits },
    },
    onDone: () => ({ type: 'RecordReservationChanged', data: { operationId, amounts } }),
    onRefused: failed(running),
  };
}

/** The job of one leg: the whole desired state, and the operation's own parameters. */
function job(
  state: Instance,
  running: Operation,
  leg: Pick<Leg, 'on' | 'told'>,
  { kind, payload = {} }: OperationJob,
  power: Power,
): JobEffect {
  const { name, operationId, notAfter, snapshot, process } = running;
  const { generation, host } = state;
  const at = atLeg(state, leg);
  const copies = searchOf(state)?.disks === 'copied' && at !== state && host !== undefined;
  const from = host?.hostId === at.host?.hostId ? null : (host?.hostId ?? null);
  const spec = instanceSpec(at, power, copies ? { hostId: from, id: state.diskSet ?? null } : undefined);
  const onRefused = failed(running);
  const tells = process === undefined ? [] : JOB_STEPS.filter((step) => leg.told?.[step] !== undefined);
  return {
    kind: 'job',
    id: deriveId(operationId, name, generation),
    hostId: at.host?.hostId ?? '',
    job: {
      kind,
      resource: { category: 'instance', id: spec.instanceId },
      generation,
      ...(tells.length === 0 ? {} : { tells }),
      payload: {
        ...payload,
        spec,
        ...(snapshot === undefined || kind !== 'snapshot-instance' ? {} : { imageId: snapshot.imageId }),
      },
    },
    onDone: (facts, restarted) => ({
      type: 'RecordOperationDone',
      data: { ...outcomeOf(running), facts, restarted },
    }),
    onRefused,
    onTold: (step) => ({ type: 'RecordOperationProgress', data: { operationId, leg: stageOf(running), step } }),
    dueBy: notAfter,
    onExpired: onRefused({
      code: `instance.${name}-timeout`,
      message: 'The host did not answer in time.',
      permanent: true,
    }),
  };
}
