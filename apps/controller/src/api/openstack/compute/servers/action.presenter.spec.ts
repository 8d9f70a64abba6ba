import { hostname } from 'node:os';
import type { ServerAction } from '../../../../application/server/server-actions';
import { presentAction, type ActionViewer } from './action.presenter';
import { hostIdOf } from './host-id';

const at = (second: number): string => `2026-11-22T12:00:0${String(second)}.000Z`;

const ACTION: ServerAction = {
  action: 'create',
  requestId: 'req-1',
  userId: 'u',
  projectId: 'p',
  startedAt: at(0),
  updatedAt: at(2),
  steps: [
    { event: 'schedule', host: null, startedAt: at(0), finishedAt: at(1), result: 'Success', reason: null },
    { event: 'build', host: 'node1', startedAt: at(1), finishedAt: at(2), result: 'Error', reason: 'full' },
  ],
};

const show = (minor: number, viewer: Partial<ActionViewer> = {}): Record<string, unknown> =>
  presentAction(ACTION, { instanceId: 'i', projectId: 'p', minor, mayEvents: false, mayDetails: false, ...viewer });
const admin = { mayEvents: true, mayDetails: true };

it('shows steps to everyone from 2.51 on, why one failed to administrators, and hosts from 2.62 on', () => {
  expect(show(50)).not.toHaveProperty('events');
  expect(show(51)['events']).toEqual([
    expect.not.objectContaining({ traceback: null }),
    expect.not.objectContaining({ traceback: 'full', hostId: expect.anything() as unknown }),
  ]);
  expect(show(1, admin)['events']).toMatchObject([{ traceback: null }, { traceback: 'full' }]);
  const [schedule, build] = show(62)['events'] as object[];
  expect(schedule).toMatchObject({ hostId: hostIdOf(hostname(), 'p') });
  expect(build).toMatchObject({ hostId: hostIdOf('node1', 'p') });
  expect(build).not.toHaveProperty('host');
  expect(show(62, admin)['events']).toMatchObject([{ host: hostname() }, { host: 'node1' }]);
  expect(show(84, admin)['events']).toMatchObject([{ details: null }, { details: 'full' }]);
});

it('says from 2.58 on when it changed last', () => {
  expect(show(57)).not.toHaveProperty('updated_at');
  expect(show(58)).toMatchObject({ updated_at: '2026-11-22T12:00:02.000000', message: 'Error' });
});
