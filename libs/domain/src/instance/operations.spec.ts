import { facts, HOST_A, HOST_B, lived, operation, running, stopped, stoppedFacts, uuid } from '../testing/examples';
import { after, NOW, specOf } from '../testing/given';
import { instance, type InstanceCommand, type InstanceEvent } from './index';

const given = specOf(instance);
const ends = { notAfter: after(600) };
const id = NOW.commandId;

const stop: InstanceCommand = { type: 'StopInstance', data: ends };
const start: InstanceCommand = { type: 'StartInstance', data: ends };
const reboot = (rebootType: 'soft' | 'hard'): InstanceCommand => ({
  type: 'RebootInstance',
  data: { ...ends, rebootType },
});
const restarted: InstanceCommand = {
  type: 'RecordHostRestarted',
  data: { ...ends, hostId: HOST_A, bootId: uuid(70) },
};
const done = (operationId = id): InstanceCommand => ({
  type: 'RecordOperationDone',
  data: { operationId, facts, restarted: null },
});
const fails: InstanceCommand = {
  type: 'RecordOperationFailed',
  data: { operationId: id, code: 'hypervisor.failed', message: 'It broke.' },
};

const stopping: InstanceEvent = { type: 'instance.stop-requested.v1', data: operation };
const starting: InstanceEvent = { type: 'instance.start-requested.v1', data: operation };
const rebooting = (rebootType: 'soft' | 'hard'): InstanceEvent => ({
  type: 'instance.reboot-requested.v1',
  data: { ...operation, process: 2, rebootType },
});
const restoring: InstanceEvent = {
  type: 'instance.host-restarted.v1',
  data: { ...operation, bootId: uuid(70) },
};
const failed: InstanceEvent = {
  type: 'instance.operation-failed.v1',
  data: { operationId: id, kind: 'stop', code: 'hypervisor.failed', message: 'It broke.' },
};
const inError = [...running, stopping, failed];
const inLaunchError = [lived.requested, lived.failed];
const deleting = [...running, lived.deletionRequested];

describe('an operation', () => {
  it.each([
    ['stop', 'a running server', running, stop, stopping],
    ['stop', 'one in error', inError, stop, stopping],
    ['start', 'a stopped one', stopped, start, starting],
    ['soft reboot', 'a running one', running, reboot('soft'), rebooting('soft')],
    ['hard reboot', 'a running one', running, reboot('hard'), rebooting('hard')],
    ['hard reboot', 'a stopped one', stopped, reboot('hard'), rebooting('hard')],
    ['hard reboot', 'one in error', inError, reboot('hard'), rebooting('hard')],
  ])('%s begins on %s under the id of its command', (_what, _which, history, command, event) => {
    given(...history)
      .when(command)
      .then(event);
  });

  it.each([
    ['stop', 'a stopped server', stopped, stop],
    ['start', 'a running one', running, start],
    ['start', 'one in error', inError, start],
    ['soft reboot', 'a stopped one', stopped, reboot('soft')],
    ['stop', 'one that is being built', [lived.requested], stop],
    ['stop', 'one with a reboot under way', [...running, rebooting('soft')], stop],
    ['start', 'one that is starting', [...stopped, starting], start],
    ['hard reboot', 'one that is stopping', [...running, stopping], reboot('hard')],
    ['stop', 'one that is being deleted', deleting, stop],
    ['hard reboot', 'one that is being deleted', deleting, reboot('hard')],
  ])('%s is refused for %s, with the state that is in the way', (_what, _which, history, command) => {
    const refusal = given(...history)
      .when(command, { commandId: uuid(90) })
      .thenRefuses('instance.invalid-state');
    expect(refusal.message).toMatch(/^Cannot '(stop|start|reboot)' instance .* while it is in (vm|task)_state \S+$/);
  });

  it.each([stop, reboot('hard')])('is refused for a server that never was on a host', (command) => {
    given(...inLaunchError)
      .when(command)
      .thenRefuses('instance.never-launched');
  });

  it.each([stop, start, reboot('soft'), reboot('hard')])('is refused for a server that is not there', (command) => {
    given().when(command).thenRefuses('instance.not-found');
    given(lived.abandoned).when(command).thenRefuses('instance.not-found');
  });

  it('is taken over by a hard reboot when it is a reboot itself', () => {
    const first = given(...running, rebooting('soft'));
    const second = first.when(reboot('hard'), { commandId: uuid(90) }).state;
    expect(second.operation).toMatchObject({ operationId: uuid(90), input: { rebootType: 'hard' } });
    expect(second.generation).toBe(first.state.generation + 1);
    given(...running, rebooting('hard'))
      .when(reboot('hard'))
      .thenNothing();
  });
});

describe('the outcome of an operation', () => {
  it.each([
    ['stop', [...running, stopping], 'instance.stopped.v1', 'stopped'],
    ['start', [...stopped, starting], 'instance.started.v1', 'active'],
    ['reboot', [...running, rebooting('soft')], 'instance.rebooted.v1', 'active'],
    ['restore', [...running, restoring], 'instance.restored.v1', 'active'],
  ] as const)('of a %s is recorded and ends it', (_what, history, type, vmState) => {
    const outcome = given(...history).when(done());
    outcome.then({ type, data: { operationId: id, facts } });
    expect(outcome.state).toMatchObject({ vmState, operation: undefined, fault: undefined });
  });

  it('makes a guest run again that its host lost by a start of its own', () => {
    const again = { bootId: uuid(71), notAfter: after(900) };
    const after_ = (history: readonly InstanceEvent[]): unknown =>
      given(...history).when({ type: 'RecordOperationDone', data: { operationId: id, facts, restarted: again } }).state
        .operation;
    expect(after_([...stopped, starting])).toMatchObject({ name: 'restore', notAfter: after(900) });
    expect(after_([...running, stopping])).toBeUndefined();
  });

  it('that is bad puts the server into error with a reason', () => {
    const outcome = given(...running, stopping).when(fails, { at: after(9) });
    outcome.then(failed);
    expect(outcome.state).toMatchObject({
      vmState: 'error',
      operation: undefined,
      fault: { code: 'hypervisor.failed', message: 'It broke.', at: after(9) },
    });
  });

  it('of another operation, or of none, is ignored', () => {
    given(...running, stopping)
      .when(done(uuid(90)))
      .thenNothing();
    given(...running)
      .when(done())
      .thenNothing();
    given(...running)
      .when(fails)
      .thenNothing();
    given(...running, rebooting('soft'), {
      type: 'instance.reboot-requested.v1',
      data: { ...operation, operationId: uuid(90), rebootType: 'hard' },
    })
      .when(fails)
      .thenNothing();
  });

  it('heals the fault of an earlier one', () => {
    const { state } = given(...inError, rebooting('hard'), {
      type: 'instance.rebooted.v1',
      data: { operationId: id, facts },
    });
    expect(state).toMatchObject({ vmState: 'active', fault: undefined });
  });
});

describe('a start of the host', () => {
  it('makes a guest that should run, run again', () => {
    given(...running)
      .when(restarted)
      .then(restoring);
  });

  it('takes over what an earlier start had begun', () => {
    given(...running, restoring)
      .when(restarted, { commandId: uuid(91) })
      .then({
        type: 'instance.host-restarted.v1',
        data: { ...restoring.data, operationId: uuid(91) },
      });
  });

  it.each([
    ['is stopped', stopped],
    ['is on no host yet', [lived.requested]],
    ['is being deleted', deleting],
    ['is not there', []],
  ])('changes nothing for a server that %s', (_which, history) => {
    given(...history)
      .when(restarted)
      .thenNothing();
  });

  describe('during an operation', () => {
    const pausing: InstanceEvent = { type: 'instance.pause-requested.v1', data: operation };
    const noted: InstanceEvent = {
      type: 'instance.host-restart-noted.v1',
      data: { ...ends, operationId: id, bootId: uuid(70) },
    };

    it('is noted, once', () => {
      given(...running, pausing)
        .when(restarted, { commandId: uuid(91) })
        .then(noted);
      given(...running, pausing, noted)
        .when(restarted, { commandId: uuid(92) })
        .thenNothing();
    });

    it('makes the guest run again when the operation fails and the server stays what it was', () => {
      const dumping: InstanceEvent = { type: 'instance.crash-dump-requested.v1', data: operation };
      const { state } = given(...running, dumping, noted).when(fails);
      expect(state).toMatchObject({ vmState: 'active', operation: { name: 'restore' } });
    });

    it('leaves a server alone that the failure has left in error', () => {
      const { state } = given(...running, rebooting('soft'), noted).when(fails);
      expect(state).toMatchObject({ vmState: 'error', operation: undefined });
    });

    it('needs nothing more when it succeeds: its job came after the start', () => {
      given(...running, pausing, noted)
        .when(done())
        .then({ type: 'instance.paused.v1', data: { operationId: id, facts } });
    });
  });

  it('changes nothing for a server on another host', () => {
    given(...running)
      .when({ type: 'RecordHostRestarted', data: { ...ends, hostId: HOST_B, bootId: uuid(70) } })
      .thenNothing();
  });
});

describe('what the host reports of a stop', () => {
  it('is kept as it was told', () => {
    given(...running, stopping)
      .when({ type: 'RecordOperationDone', data: { operationId: id, facts: stoppedFacts, restarted: null } })
      .then({ type: 'instance.stopped.v1', data: { operationId: id, facts: stoppedFacts } });
  });
});
