import type { RecordedEvent } from '@cairn/event-store';
import { actionsOf } from './server-actions';

let minute = 0;

/** An event of an instance's stream, a minute after the one before. */
function event(type: string, data: object, requestId = 'req-1'): RecordedEvent {
  minute += 1;
  const at = `2026-11-22T12:${String(minute).padStart(2, '0')}:00.000Z`;
  const actor = { userId: 'u-1', projectId: 'p-1', domainId: null, roles: [] };
  const place = { stream: 'instance-i', revision: BigInt(minute), position: BigInt(minute), created: at };
  return { id: String(minute), type, data: { ...data }, metadata: { at, actor, requestId }, ...place };
}

const at = (n: number): string => `2026-11-22T12:${String(n).padStart(2, '0')}:00.000Z`;

describe("a server's actions", () => {
  beforeEach(() => {
    minute = 0;
  });

  it('show each attempt of a launch, and why one failed', () => {
    const [create, ...others] = actionsOf([
      event('instance.launch-requested.v1', {}),
      event('instance.host-chosen.v2', { hostName: 'node1' }),
      event('instance.host-claimed.v1', {}),
      event('instance.launch-attempt-failed.v1', { message: 'disk is full' }),
      event('instance.host-claimed.v1', {}),
      event('instance.launched.v1', {}),
    ]);
    expect(others).toEqual([]);
    const schedule = 'conductor_schedule_and_build_instances';
    const build = 'compute__do_build_and_run_instance';
    const good = { result: 'Success', reason: null };
    expect(create).toEqual({
      action: 'create',
      requestId: 'req-1',
      userId: 'u-1',
      projectId: 'p-1',
      startedAt: at(1),
      updatedAt: at(6),
      steps: [
        { event: schedule, host: null, startedAt: at(1), finishedAt: at(3), ...good },
        { event: build, host: 'node1', startedAt: at(3), finishedAt: at(4), result: 'Error', reason: 'disk is full' },
        { event: schedule, host: null, startedAt: at(4), finishedAt: at(5), ...good },
        { event: build, host: 'node1', startedAt: at(5), finishedAt: at(6), ...good },
      ],
    });
  });

  it('end with the outcome of their own operation, or not at all', () => {
    const actions = actionsOf([
      event('instance.launch-requested.v1', {}),
      event('instance.launched.v1', {}),
      event('instance.reboot-requested.v1', { operationId: 'o-1' }, 'req-2'),
      event('instance.reboot-requested.v1', { operationId: 'o-2' }, 'req-3'),
      event('instance.operation-failed.v1', { operationId: 'o-2', kind: 'reboot', message: 'no answer' }),
      event('instance.deletion-requested.v1', { operationId: 'o-3' }, 'req-4'),
    ]);
    expect(actions.map(({ action, requestId, steps }) => [action, requestId, steps.at(-1)?.result])).toEqual([
      ['create', 'req-1', 'Success'],
      ['reboot', 'req-2', null],
      ['reboot', 'req-3', 'Error'],
      ['delete', 'req-4', null],
    ]);
  });

  it('show an offload that lasts until the host has cleared the server away, and those of logs of 0.1', () => {
    const launched = [
      event('instance.launch-requested.v1', {}),
      event('instance.host-chosen.v2', { hostName: 'node1' }),
      event('instance.launched.v1', {}),
    ];
    const asked = event('instance.offload-requested.v1', {}, 'req-2');
    const under = { event: 'compute_shelveOffload_instance', host: 'node1', startedAt: at(4), reason: null };
    const offloads = (...events: readonly RecordedEvent[]): unknown =>
      actionsOf([...launched, ...events])
        .filter(({ action }) => action === 'shelveOffload')
        .map(({ requestId, steps }) => [requestId, ...steps]);
    expect(offloads(asked)).toEqual([['req-2', { ...under, finishedAt: null, result: null }]]);
    const done = event('instance.offloaded.v1', {}, 'req-3');
    expect(offloads(asked, done)).toEqual([['req-2', { ...under, finishedAt: at(5), result: 'Success' }]]);
    expect(offloads(done)).toEqual([
      ['req-3', { ...under, host: null, startedAt: at(5), finishedAt: at(5), result: 'Success' }],
    ]);
  });

  it('are none of what Cairn does by itself', () => {
    const history = [
      event('instance.launch-requested.v1', {}),
      event('instance.launched.v1', {}),
      event('instance.host-restarted.v1', { operationId: 'o-1', bootId: 'b' }),
      event('instance.restored.v1', { operationId: 'o-1' }),
      event('instance.renamed.v1', { name: 'x' }),
    ];
    expect(actionsOf(history).map(({ action }) => action)).toEqual(['create']);
    expect(actionsOf([])).toEqual([]);
  });
});
