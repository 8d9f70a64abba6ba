import { facts, running, uuid } from '../../testing/examples';
import { NOW, specOf } from '../../testing/given';
import { requestNamed } from '../../testing/operations';
import { commandOf, instance, type Instance, type InstanceCommand, snapshotImageId, taskState } from '../index';

const given = specOf(instance);
const imageId = snapshotImageId(NOW.commandId);
const request = (name: 'createImage' | 'createBackup'): InstanceCommand => commandOf(requestNamed(name), NOW.at);
const at = (stage: 'made' | 'copying' | 'uploading', id = imageId): InstanceCommand => ({
  type: 'RecordSnapshotProgress',
  data: { imageId: id, stage },
});
const done: InstanceCommand = {
  type: 'RecordOperationDone',
  data: { operationId: NOW.commandId, facts, restarted: null },
};
const failed: InstanceCommand = {
  type: 'RecordOperationFailed',
  data: { operationId: NOW.commandId, code: 'image.refused', message: 'Too large.' },
};

/** The state after these commands, one after the other. */
const after = (...commands: readonly InstanceCommand[]): Instance =>
  commands.reduce(
    (state, command) =>
      instance.decide(command, state, NOW).reduce((now, event) => instance.evolve(now, event, NOW), state),
    given(...running).state,
  );

describe('an operation that makes an image', () => {
  it('shows how far it is, and never goes back', () => {
    const asked = [request('createImage')];
    expect(taskState(after(...asked))).toBe('image_snapshot_pending');
    for (const [stage, task] of [
      ['made', 'image_snapshot'],
      ['copying', 'image_pending_upload'],
      ['uploading', 'image_uploading'],
    ] as const) {
      asked.push(at(stage));
      expect(taskState(after(...asked))).toBe(task);
    }
    expect(taskState(after(...asked, at('copying')))).toBe('image_uploading');
    given(...running)
      .when(at('made'))
      .thenNothing();
  });

  it('takes no notice of another image', () => {
    expect(taskState(after(request('createImage'), at('made', uuid(9))))).toBe('image_snapshot_pending');
  });

  it('leaves the server as it was, and no image, when it fails', () => {
    const state = after(request('createImage'), failed);
    expect(state).toMatchObject({ vmState: 'active', operation: undefined, fault: undefined });
    expect(state.debts).toMatchObject([{ kind: 'image', imageId, how: 'abandon' }]);
  });

  it('deletes the older backups and itself once it is there, when no backup is to stay', () => {
    const state = after(request('createBackup'), done);
    expect(state.debts).toMatchObject([
      { kind: 'image', imageId: uuid(81), how: 'delete' },
      { kind: 'image', imageId, how: 'delete' },
    ]);
  });
});
