import type { Effect, Refusal } from '../../kernel/effect';
import type { Message } from '../../kernel/aggregate';
import { deriveId } from '../../ids';
import { newImageRecord } from '../snapshot/image';
import { instanceSpec } from '../spec-of';
import type { Instance, Operation } from '../state';
import { hostOperationNamed, targetOf } from './index';

/**
 * What an operation owes: the record of the image that it makes, if it makes one; then a job of its host, with the whole
 * desired state and the operation's own parameters.
 */
export function dueOperation(state: Instance, { name, operationId, input, notAfter, snapshot }: Operation): Effect {
  const operation = hostOperationNamed(name);
  const { generation } = state;
  const spec = instanceSpec(state, targetOf(operation, state.vmState).power);
  const { kind, payload = {} } = operation.job(input);
  const failed = ({ code, message }: Refusal): Message => ({
    type: 'RecordOperationFailed',
    data: { operationId, code, message },
  });
  const part = operation.snapshot;
  if (part !== undefined && snapshot?.stage === 'asked') {
    const { imageId } = snapshot;
    return {
      kind: 'command',
      id: deriveId(imageId, 'create'),
      target: { category: 'image', id: imageId },
      command: { type: 'CreateImage', data: newImageRecord(imageId, part.image(input)) },
      onDone: () => ({ type: 'RecordSnapshotProgress', data: { imageId, stage: 'made' } }),
      onRefused: failed,
    };
  }
  return {
    kind: 'job',
    id: deriveId(operationId, name, generation),
    hostId: state.host?.hostId ?? '',
    job: {
      kind,
      resource: { category: 'instance', id: spec.instanceId },
      generation,
      payload: { ...payload, spec, ...(snapshot === undefined ? {} : { imageId: snapshot.imageId }) },
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
