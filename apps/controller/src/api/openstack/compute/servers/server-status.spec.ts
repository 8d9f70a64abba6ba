import { serverStatus, statesOf } from './server-status';

describe('server status', () => {
  it.each([
    ['building', null, 'BUILD'],
    ['building', 'spawning', 'BUILD'],
    ['active', null, 'ACTIVE'],
    ['active', 'rebooting', 'REBOOT'],
    ['active', 'rebooting_hard', 'HARD_REBOOT'],
    ['active', 'powering-off', 'ACTIVE'],
    ['stopped', 'powering-on', 'SHUTOFF'],
    ['stopped', 'resize_prep', 'RESIZE'],
    ['error', null, 'ERROR'],
    ['error', 'rebuilding', 'REBUILD'],
    ['paused', 'migrating', 'MIGRATING'],
    ['resized', 'resize_reverting', 'REVERT_RESIZE'],
    ['deleted', null, 'DELETED'],
    ['nonsense', null, 'UNKNOWN'],
  ])('of %s doing %s is %s', (vmState, taskState, status) => {
    expect(serverStatus(vmState, taskState)).toBe(status);
  });

  it('maps back to states for the filter, without case', () => {
    expect(statesOf('shutoff')).toEqual([
      { vmState: 'stopped', notTasks: expect.arrayContaining(['resize_prep']) as unknown },
    ]);
    expect(statesOf('Rebuild')?.map(({ vmState }) => vmState)).toEqual(['active', 'stopped', 'error']);
    expect(statesOf('nope')).toBeUndefined();
  });

  it('agrees with itself: each state found by a status shows that status', () => {
    for (const status of ['ACTIVE', 'BUILD', 'REBOOT', 'HARD_REBOOT', 'RESIZE', 'MIGRATING', 'ERROR', 'DELETED']) {
      for (const { vmState, tasks = [null] } of statesOf(status) ?? []) {
        for (const name of tasks) expect(serverStatus(vmState, name)).toBe(status);
      }
    }
  });
});
