import { facts, HOST_B, operation, running, uuid } from '../../testing/examples';
import { NOW, specOf } from '../../testing/given';
import {
  hostClaimId,
  type HostOperationName,
  instance,
  type InstanceCommand,
  type InstanceEvent,
  taskState,
} from '../index';

const given = specOf(instance);
const id = NOW.commandId;
const claimId = hostClaimId(id, 1);

const told = (step: 'taken' | 'cleared' | 'ready', leg = 0): InstanceCommand => ({
  type: 'RecordOperationProgress',
  data: { operationId: id, leg, step },
});
const progressed = (
  kind: HostOperationName,
  step: 'taken' | 'cleared' | 'ready',
  task: NonNullable<ReturnType<typeof taskState>>,
): InstanceEvent => ({ type: 'instance.operation-progressed.v1', data: { operationId: id, kind, step, task } });

/** A server that is off and goes to another host, by the rules of that version. */
const between = (process: 1 | 2): readonly InstanceEvent[] => {
  const going: readonly InstanceEvent[] = [
    ...running,
    { type: 'instance.migrate-requested.v1', data: { ...operation, process, number: 7 } },
    {
      type: 'instance.host-chosen.v2',
      data: { attempt: 1, hostId: HOST_B, hostName: 'node-b', claimId, purpose: 'migrate' },
    },
    { type: 'instance.host-claimed.v1', data: { claimId, kind: 'migrate' } },
  ];
  const data = { operationId: id, leg: 0, facts, restarted: null };
  return [...going, ...given(...going).when({ type: 'RecordOperationDone', data }).events];
};
const rebuilding = (process: 1 | 2): readonly InstanceEvent[] => {
  const [image, kernel, ramdisk] = [given(...running).state.request?.image, null, null];
  if (image === undefined) throw new Error('the example has an image');
  const changes = { image, kernel, ramdisk };
  return [
    ...running,
    { type: 'instance.rebuild-requested.v1', data: { ...operation, process, changes, preserveEphemeral: false } },
  ];
};
const tells = (history: readonly InstanceEvent[]): unknown =>
  given(...history).owed.flatMap((effect) => (effect.kind === 'job' ? [effect.job.tells] : []));

describe('what a host tells of a job before its outcome', () => {
  it('is shown as nova’s task: the new host of a server that moves has begun', () => {
    const history = between(2);
    expect(taskState(given(...history).state)).toBe('resize_migrated');
    expect(tells(history)).toEqual([['taken']]);
    const taken = given(...history).when(told('taken', 1));
    taken.then(progressed('migrate', 'taken', 'resize_finish'));
    expect(taskState(taken.state)).toBe('resize_finish');
    expect(instance.due?.(taken.state)).toMatchObject(given(...history).owed.map(({ id: same }) => ({ id: same })));
  });

  it('leads a rebuild from the end of the old guest to the new one, never back', () => {
    const history = rebuilding(2);
    expect(taskState(given(...history).state)).toBe('rebuilding');
    const taken = [...history, progressed('rebuild', 'taken', 'rebuild_block_device_mapping')];
    expect(taskState(given(...taken).state)).toBe('rebuild_block_device_mapping');
    const cleared = [...taken, progressed('rebuild', 'cleared', 'rebuild_spawning')];
    expect(taskState(given(...cleared).state)).toBe('rebuild_spawning');
    for (const step of ['taken', 'cleared'] as const)
      given(...cleared)
        .when(told(step))
        .thenNothing();
  });

  it.each([
    ['a step that has no task', told('ready')],
    ['another leg', told('taken', 1)],
    ['another operation', { ...told('taken'), data: { operationId: uuid(9), leg: 0, step: 'taken' } }],
  ] as readonly (readonly [string, InstanceCommand])[])('changes nothing: %s', (_what, command) => {
    given(...rebuilding(2))
      .when(command)
      .thenNothing();
  });

  it('is not asked for by an operation of an older release, which shows what it did', () => {
    expect(taskState(given(...between(1)).state)).toBe('resize_finish');
    for (const history of [between(1), rebuilding(1)]) expect(tells(history)).toEqual([undefined]);
  });

  it('is forgotten when the move is tried on another host', () => {
    const failure = { code: 'disk.failed', message: 'No.', permanent: false, operationId: id, leg: 1 };
    const again = given(...between(2), progressed('migrate', 'taken', 'resize_finish')).when({
      type: 'RecordOperationFailed',
      data: failure,
    });
    expect(again.state.operation).toMatchObject({ leg: 0 });
    expect(again.state.operation?.told).toBeUndefined();
    expect(taskState(again.state)).toBe('resize_prep');
  });
});
