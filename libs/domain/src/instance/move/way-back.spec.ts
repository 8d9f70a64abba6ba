import { facts, HOST_A, HOST_B, operation, running, uuid } from '../../testing/examples';
import { NOW, specOf } from '../../testing/given';
import { requestNamed } from '../../testing/operations';
import { commandOf, hostClaimId, instance, type InstanceEvent } from '../index';

const given = specOf(instance);
const move = uuid(80);
const place = { attempt: 1, hostId: HOST_B, hostName: 'node-b', claimId: hostClaimId(move, 1) };
const { flavor } = given(...running).state.request ?? {};
if (flavor === undefined) throw new Error('the example has a flavor');
const moved = { vmState: 'resized', host: { ...place, claimed: true }, flavor, diskSet: move } as const;

/** Moved from host A to host B, which restarted before anybody answered for the move, and lost the guest. */
const lost: readonly InstanceEvent[] = [
  ...running,
  { type: 'instance.migrate-requested.v1', data: { ...operation, operationId: move, number: 7 } },
  { type: 'instance.host-chosen.v2', data: { ...place, purpose: 'migrate' } },
  { type: 'instance.host-claimed.v1', data: { claimId: place.claimId, kind: 'migrate' } },
  { type: 'instance.operation-advanced.v1', data: { operationId: move, kind: 'migrate', leg: 1, facts } },
  { type: 'instance.migrated.v1', data: { operationId: move, facts, now: moved } },
  { type: 'instance.host-restarted.v1', data: { ...operation, operationId: uuid(81), bootId: uuid(82) } },
  {
    type: 'instance.operation-failed.v1',
    data: { operationId: uuid(81), kind: 'restore', code: 'hypervisor.failed', message: 'No.' },
  },
];
/** The same, and an administrator has reset its state. */
const mended: readonly InstanceEvent[] = [
  ...lost,
  {
    type: 'instance.state-reset.v1',
    data: { vmState: 'active', operationId: uuid(83), notAfter: operation.notAfter },
  },
  { type: 'instance.restored.v1', data: { operationId: uuid(83), facts } },
];
const ask = (name: 'confirmResize' | 'revertResize' | 'migrate' | 'rebuild' | 'shelve') =>
  commandOf(requestNamed(name), NOW.at);

describe('a server whose host lost it before its move was answered for', () => {
  it('is in error, and keeps what it was before', () => {
    expect(given(...lost).state).toMatchObject({ vmState: 'error', former: { host: { hostId: HOST_A } } });
  });

  it.each([
    ['error', lost],
    ['active', mended],
  ] as const)('stays %s when its move is confirmed, and gives up its former host', (vmState, history) => {
    const { state } = given(...history).when(ask('confirmResize'));
    expect(state).toMatchObject({ vmState, former: undefined, host: { hostId: HOST_B } });
    expect(state.debts.map((debt) => [debt.kind, 'hostId' in debt ? debt.hostId : ''])).toEqual([
      ['domain', HOST_A],
      ['host-claim', HOST_A],
    ]);
  });

  it.each([
    ['in error', lost],
    ['mended', mended],
  ] as const)('goes back to its former host when it is %s', (_how, history) => {
    const asked = given(...history).when(ask('revertResize'));
    expect(instance.due?.(asked.state)).toMatchObject([
      { kind: 'job', hostId: HOST_B, job: { payload: { spec: { power: 'stopped' } } } },
    ]);
    const data = { operationId: NOW.commandId, leg: 0, facts, restarted: null };
    const back = given(...history, ...asked.events).when({ type: 'RecordOperationDone', data });
    expect(instance.due?.(back.state)).toMatchObject([
      { kind: 'job', hostId: HOST_A, job: { payload: { spec: { power: 'running' } } } },
    ]);
  });

  it.each(['migrate', 'rebuild', 'shelve'] as const)('closes that move when it is asked to %s', (name) => {
    const asked = given(...mended).when(ask(name));
    expect(asked.events.map(({ type }) => type)).toEqual([
      'instance.resize-confirmed.v1',
      `instance.${name}-requested.v1`,
    ]);
    expect(asked.state).toMatchObject({ former: undefined, operation: { name } });
  });

  it.each(['confirmResize', 'revertResize'] as const)('is refused to %s once that is settled', (name) => {
    const confirmed = given(...lost).when(ask('confirmResize'));
    given(...lost, ...confirmed.events)
      .when(ask(name))
      .thenRefuses('instance.invalid-state');
  });
});
