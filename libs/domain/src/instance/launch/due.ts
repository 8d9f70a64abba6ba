import { deriveId } from '../../ids';
import type { Message } from '../../kernel/aggregate';
import type { Effect, JobEffect, Refusal } from '../../kernel/effect';
import { dueAssigned } from '../interfaces/assigned-floating';
import { dueInterfaces } from '../interfaces/due';
import { instanceJob } from '../jobs';
import { duePlacement } from '../placement/due';
import type { Placement } from '../placement/placement';
import { instanceSpec, requestOf } from '../spec-of';
import type { Instance } from '../state';

/** Addresses and placement do not wait for each other; the job waits for both. */
export function dueLaunch(state: Instance, placement: Placement): readonly Effect[] {
  const onRefused = ({ code, message }: Refusal): Message => ({ type: 'FailLaunch', data: { code, message } });
  const claims = [
    ...dueInterfaces(state, { notAfter: requestOf(state).notAfter, onRefused }),
    ...dueAssigned(state, onRefused),
    ...duePlacement(state, placement),
  ];
  return claims.length > 0 ? claims : [launchJob(state, placement)];
}

function launchJob(state: Instance, { target, notAfter }: Placement): JobEffect {
  const { instanceId } = requestOf(state);
  const { generation } = state;
  const failed = (refusal: Refusal): Message => ({ type: 'RecordAttemptFailed', data: { generation, ...refusal } });
  return {
    kind: 'job',
    id: deriveId(instanceId, 'launch', generation),
    hostId: target?.hostId ?? '',
    job: instanceJob('ensure-instance', instanceId, generation, { spec: instanceSpec(state, 'running') }),
    onDone: (facts, restarted) => ({ type: 'RecordLaunched', data: { generation, facts, restarted } }),
    onRefused: failed,
    dueBy: notAfter,
    onExpired: failed({
      code: 'instance.launch-timeout',
      message: 'The host did not answer in time.',
      permanent: false,
    }),
  };
}
