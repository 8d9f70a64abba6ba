import type { JobEffect, Refusal } from '../../kernel/effect';
import type { Message } from '../../kernel/aggregate';
import { deriveId } from '../../ids';
import { instanceSpec } from '../spec-of';
import type { Instance, Operation } from '../state';
import { hostOperationNamed, targetOf } from './index';

/** The job that an operation owes to its host: the whole desired state, and the operation's own parameters. */
export function operationJob(state: Instance, { name, operationId, input, notAfter }: Operation): JobEffect {
  const operation = hostOperationNamed(name);
  const { generation } = state;
  const spec = instanceSpec(state, targetOf(operation, state.vmState).power);
  const { kind, payload = {} } = operation.job(input);
  const failed = ({ code, message }: Refusal): Message => ({
    type: 'RecordOperationFailed',
    data: { operationId, code, message },
  });
  return {
    kind: 'job',
    id: deriveId(operationId, name, generation),
    hostId: state.host?.hostId ?? '',
    job: {
      kind,
      resource: { category: 'instance', id: spec.instanceId },
      generation,
      payload: { ...payload, spec },
    },
    onDone: (facts, restarted) => ({ type: 'RecordOperationDone', data: { operationId, facts, restarted } }),
    onRefused: failed,
    dueBy: notAfter,
    onExpired: failed({
      code: `instance.${name}-timeout`,
      message: 'The host did not answer in time.',
      permanent: true,
    }),
  };
}
