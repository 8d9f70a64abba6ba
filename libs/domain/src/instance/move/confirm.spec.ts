import { facts, HOST_B, operation, running, uuid } from '../../testing/examples';
import { after, at, type Dated, NOW, specOf } from '../../testing/given';
import { hostClaimId, instance, type InstanceEvent } from '../index';

const given = specOf(instance);
const id = NOW.commandId;
const { host } = given(...running).state;
const flavor = given(...running).state.request?.flavor;
if (host === undefined || flavor === undefined) throw new Error('the example runs');

const place = { attempt: 1, hostId: HOST_B, hostName: 'node-b', claimId: hostClaimId(id, 1) };
const now = { vmState: 'resized', host: { ...place, claimed: true }, flavor, diskSet: id } as const;

/** A server that was moved within ten seconds. */
const moved = (more: { confirmAfterMs?: number } = {}): readonly (InstanceEvent | Dated<InstanceEvent>)[] => [
  ...running,
  { type: 'instance.migrate-requested.v1', data: { ...operation, number: 7, ...more } },
  { type: 'instance.host-chosen.v2', data: { ...place, purpose: 'migrate' } },
  { type: 'instance.host-claimed.v1', data: { claimId: place.claimId, kind: 'migrate' } },
  { type: 'instance.operation-advanced.v1', data: { operationId: id, kind: 'migrate', leg: 1, facts } },
  at(10, { type: 'instance.migrated.v1', data: { operationId: id, facts, now } }),
];
const confirm = { type: 'ConfirmUnanswered', data: { confirmAt: after(70) } } as const;
const confirmed: InstanceEvent = {
  type: 'instance.resize-confirmed.v1',
  data: { now: { ...now, vmState: 'active' } },
};
const reverting: InstanceEvent = {
  type: 'instance.resize-reversion-requested.v1',
  data: { ...operation, operationId: uuid(60) },
};

describe('a move that nobody answers for', () => {
  const waiting = moved({ confirmAfterMs: 60_000 });

  it('is confirmed when its time is over, counted from its end, also of a locked server', () => {
    expect(given(...waiting).owed).toMatchObject([{ kind: 'command', command: confirm, notBefore: after(70) }]);
    const locked: InstanceEvent = { type: 'instance.locked.v1', data: { by: 'admin', reason: null } };
    const done = given(...waiting, locked).when(confirm);
    done.then(confirmed);
    expect(done.state).toMatchObject({ vmState: 'active', former: undefined });
    expect(done.state.confirmAt).toBeUndefined();
  });

  it('waits for ever where the cloud sets no time', () => {
    expect(given(...moved()).owed).toEqual([]);
    given(...moved())
      .when(confirm)
      .thenNothing();
  });

  it('is not confirmed by the moment of another move, nor twice, nor while it is reverted or deleted', () => {
    given(...waiting)
      .when({ type: 'ConfirmUnanswered', data: { confirmAt: after(71) } })
      .thenNothing();
    const deleting: InstanceEvent = {
      type: 'instance.deletion-requested.v1',
      data: { process: 1, operationId: uuid(61) },
    };
    for (const later of [confirmed, reverting, deleting])
      given(...waiting, later)
        .when(confirm)
        .thenNothing();
  });

  it('is not confirmed after a reversion that failed: its tenant wanted what was before', () => {
    const failed: InstanceEvent = {
      type: 'instance.operation-failed.v1',
      data: { operationId: uuid(60), kind: 'revertResize', code: 'x.y', message: 'No.' },
    };
    const history = [...waiting, reverting, failed];
    expect(given(...history).state.vmState).toBe('resized');
    expect(given(...history).owed).toEqual([]);
    given(...history)
      .when(confirm)
      .thenNothing();
  });
});
