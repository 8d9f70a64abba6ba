import { facts, HOST_A, operation, running, stoppedFacts, uuid } from '../../testing/examples';
import { after, NOW, specOf } from '../../testing/given';
import { requestNamed } from '../../testing/operations';
import { instance, type Instance } from '../index';

const lived: Instance = specOf(instance)(...running).state;

/** The server after a restart of a host that is set not to start guests. */
function restarted(state: Instance = lived): Instance {
  const data = { hostId: HOST_A, bootId: uuid(70), notAfter: after(1800), resume: false } as const;
  return instance
    .decide({ type: 'RecordHostRestarted', data }, state, NOW)
    .reduce((before, event) => instance.evolve(before, event, NOW), state);
}

const done = (state: Instance, found: typeof facts): readonly string[] => {
  const operationId = state.operation?.operationId ?? '';
  const data = { operationId, facts: found, restarted: null };
  return instance.decide({ type: 'RecordOperationDone', data }, state, NOW).map(({ type }) => type);
};

describe('a restart of a host that does not start guests again', () => {
  it('asks the host to leave a guest off that is', () => {
    expect(instance.due?.(restarted())).toMatchObject([
      { job: { kind: 'ensure-instance', payload: { leaveOff: true } } },
    ]);
    const paused = restarted({ ...lived, vmState: 'paused' });
    expect(instance.due?.(paused)).toMatchObject([{ job: { payload: { leaveOff: true, spec: { power: 'paused' } } } }]);
  });

  it('stops the server whose guest is off, and not the one whose guest runs: only the agent had restarted', () => {
    expect(done(restarted(), stoppedFacts)).toEqual(['instance.restored.v1', 'instance.guest-went-off.v1']);
    expect(done(restarted(), facts)).toEqual(['instance.restored.v1']);
  });

  it('is not forgotten where an operation goes on meanwhile and fails', () => {
    const input = requestNamed('changePassword').input;
    const noted = restarted({
      ...lived,
      operation: { name: 'changePassword', operationId: uuid(98), notAfter: operation.notAfter, input },
    });
    const failed = { operationId: uuid(98), code: 'hypervisor.failed', message: 'There is no such guest.' };
    const state = instance
      .decide({ type: 'RecordOperationFailed', data: failed }, noted, NOW)
      .reduce((before, event) => instance.evolve(before, event, NOW), noted);
    expect(state.operation).toMatchObject({ name: 'restore', input: { bootId: uuid(70), resume: false } });
    expect(done(state, stoppedFacts)).toEqual(['instance.restored.v1', 'instance.guest-went-off.v1']);
  });

  it('leaves a guest off whose host had done its job before, and says so only now', () => {
    const starting: Instance = {
      ...lived,
      vmState: 'stopped',
      operation: { name: 'start', operationId: uuid(98), notAfter: operation.notAfter, input: {} },
    };
    const since = { bootId: uuid(70), notAfter: after(900), resume: false } as const;
    const data = { operationId: uuid(98), facts, restarted: since };
    const events = instance.decide({ type: 'RecordOperationDone', data }, starting, NOW);
    expect(events).toMatchObject([
      { type: 'instance.started.v1' },
      { type: 'instance.host-restarted.v1', data: { bootId: uuid(70), resume: false } },
    ]);
  });

  it('starts a rescued guest all the same: nova does not follow it either', () => {
    const [job] = instance.due?.(restarted({ ...lived, vmState: 'rescued' })) ?? [];
    expect(job).toMatchObject({ kind: 'job', job: { kind: 'ensure-instance' } });
    expect(job).not.toMatchObject({ job: { payload: { leaveOff: true } } });
  });

  it('changes nothing where the host is not set so', () => {
    const data = { hostId: HOST_A, bootId: uuid(70), notAfter: operation.notAfter };
    const [event] = instance.decide({ type: 'RecordHostRestarted', data }, lived, NOW);
    expect(event?.data).not.toHaveProperty('resume');
  });
});
