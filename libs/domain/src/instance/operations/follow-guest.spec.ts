import { instance, type InstanceEvent } from '..';
import { HOST_A, running, stopped } from '../../testing/examples';
import { after, specOf } from '../../testing/given';

const given = specOf(instance);

const COMMANDS = ['RecordGuestOff', 'RecordGuestPaused', 'RecordGuestUnpaused', 'RecordGuestStarted'] as const;
type Seen = (typeof COMMANDS)[number];

const begun = (history: readonly InstanceEvent[], type: Seen, over: object = {}): string | undefined => {
  const before = given(...history);
  const data = {
    hostId: HOST_A,
    generation: before.state.generation,
    cause: 'It shut down.',
    notAfter: after(60),
    ...over,
  };
  return before.when({ type, data }).state.operation?.name;
};

describe('a server follows its guest', () => {
  it.each<[string, readonly InstanceEvent[], Partial<Record<Seen, string>>]>([
    ['active', running, { RecordGuestOff: 'follow-off', RecordGuestPaused: 'follow-pause' }],
    ['stopped', stopped, { RecordGuestStarted: 'keep-off' }],
  ])('that is %s', (_what, history, right) => {
    for (const command of COMMANDS) expect([command, begun(history, command)]).toEqual([command, right[command]]);
  });

  it('only by its own host, of its newest generation, and while nothing else is under way', () => {
    expect(begun(running, 'RecordGuestOff', { hostId: 'another' })).toBeUndefined();
    expect(begun(running, 'RecordGuestOff', { generation: 0 })).toBeUndefined();
    const suspending: InstanceEvent = {
      type: 'instance.suspend-requested.v1',
      data: { process: 1, operationId: 'o', notAfter: after(60) },
    };
    expect(begun([...running, suspending], 'RecordGuestOff')).toBe('suspend');
  });

  it('and keeps the reason', () => {
    const data = {
      hostId: HOST_A,
      generation: given(...running).state.generation,
      cause: 'It crashed.',
      notAfter: after(60),
    };
    const [event] = instance.decide({ type: 'RecordGuestOff', data }, given(...running).state, {
      commandId: 'c',
      at: after(0),
    });
    expect(event).toMatchObject({ type: 'instance.guest-went-off.v1', data: { cause: 'It crashed.' } });
  });
});
