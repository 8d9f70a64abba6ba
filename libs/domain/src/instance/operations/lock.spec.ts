import { instance } from '..';
import { specOf } from '../../testing/given';
import { PROJECT, running } from '../../testing/examples';

const given = specOf(instance);
const owner = { caller: { projectId: PROJECT, isAdmin: false } };
const admin = { caller: { projectId: 'of administrators', isAdmin: true } };
const stop = { type: 'StopInstance', data: { notAfter: '2026-11-22T13:00:00.000Z' } } as const;
const lock = { type: 'LockInstance', data: {} } as const;
const unlock = { type: 'UnlockInstance', data: {} } as const;
const lockedBy = (by: 'owner' | 'admin') => ({ type: 'instance.locked.v1', data: { by, reason: null } }) as const;
const unlocked = { type: 'instance.unlocked.v1', data: {} } as const;

describe('a locked server', () => {
  it('refuses its project what an administrator may still do', () => {
    const refusal = given(...running, lockedBy('owner'))
      .when(stop, owner)
      .thenRefuses('instance.locked');
    expect(refusal).toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/^Instance \S+ is locked$/) as string,
    });
    given(...running, lockedBy('owner'))
      .when({ type: 'DeleteInstance', data: {} }, owner)
      .thenRefuses('instance.locked');
    expect(given(...running, lockedBy('owner')).when(stop, admin).state.operation?.name).toBe('stop');
  });

  it('takes another name, and what its host reports', () => {
    given(...running, lockedBy('owner'))
      .when({ type: 'RenameInstance', data: { name: 'db' } }, owner)
      .then({ type: 'instance.renamed.v1', data: { name: 'db' } });
    const { host } = given(...running).state;
    const restart = { hostId: host?.hostId ?? '', bootId: 'b', notAfter: stop.data.notAfter };
    const restarted = given(...running, lockedBy('admin')).when({ type: 'RecordHostRestarted', data: restart });
    expect(restarted.state.operation?.name).toBe('restore');
  });

  it('keeps who locked it, and why', () => {
    given(...running)
      .when(lock, owner)
      .then(lockedBy('owner'));
    given(...running)
      .when(lock, admin)
      .then(lockedBy('admin'));
    given(...running)
      .when({ type: 'LockInstance', data: { reason: 'audit' } }, admin)
      .then({ type: 'instance.locked.v1', data: { by: 'admin', reason: 'audit' } });
    given(...running, lockedBy('admin'))
      .when(lock, owner)
      .thenNothing();
    given(...running, lockedBy('owner'))
      .when(lock, owner)
      .thenNothing();
    given(...running, lockedBy('owner'))
      .when(lock, admin)
      .then(lockedBy('admin'));
  });

  it('is unlocked by its project; a lock of an administrator only by who may override it', () => {
    given(...running, lockedBy('owner'))
      .when(unlock, owner)
      .then(unlocked);
    given(...running, lockedBy('admin'))
      .when(unlock, owner)
      .thenRefuses('instance.locked-by-admin');
    given(...running, lockedBy('admin'))
      .when(unlock, admin)
      .thenRefuses('instance.locked-by-admin');
    given(...running, lockedBy('admin'))
      .when({ type: 'UnlockInstance', data: { override: true } }, owner)
      .then(unlocked);
    given(...running)
      .when(unlock, owner)
      .thenNothing();
    expect(given(...running, lockedBy('owner'), unlocked).state.lock).toBeUndefined();
  });
});
