import { facts, HOST_A, INSTANCE, NET, NET_2, networkSpec, request, running, uuid } from '../../testing/examples';
import { after, NOW, specOf } from '../../testing/given';
import { type CommandEffect, type JobEffect } from '../../kernel/effect';
import { addressesOf, instance, type Instance, type InstanceCommand, instanceSpec, newPortId, nicsOf } from '../index';
import { addressClaimId } from './interfaces';

const lived: Instance = specOf(instance)(...running).state;
const FIRST = addressClaimId(INSTANCE, NET);
const notAfter = after(600);

function send(state: Instance, command: InstanceCommand, commandId = NOW.commandId): Instance {
  const context = { ...NOW, commandId };
  return instance.decide(command, state, context).reduce((now, event) => instance.evolve(now, event, context), state);
}

const attach = (state: Instance, commandId: string, over: object = {}): Instance =>
  send(state, { type: 'AttachInterface', data: { networkId: NET_2, address: null, notAfter, ...over } }, commandId);

/** The network gives the n-th address. */
const allocated = (state: Instance, n: number): Instance => {
  const claimId = newPortId(state.operation?.operationId ?? '');
  const network = { ...networkSpec, networkId: NET_2, bridge: 'br200' };
  const data = { claimId, address: `10.0.1.${String(n)}`, mac: `fa:16:3e:00:01:0${String(n)}`, network };
  return send(state, { type: 'RecordAddressAllocated', data });
};

const done = (state: Instance): Instance =>
  send(state, {
    type: 'RecordOperationDone',
    data: { operationId: state.operation?.operationId ?? '', facts, restarted: null },
  });

const failed = (state: Instance, code = 'network.failed'): Instance =>
  send(state, {
    type: 'RecordOperationFailed',
    data: { operationId: state.operation?.operationId ?? '', code, message: 'No.' },
  });

const detach = (state: Instance, portId: string, commandId: string): Instance =>
  send(state, { type: 'DetachInterface', data: { portId, notAfter } }, commandId);

const owed = (state: Instance): readonly (JobEffect | CommandEffect)[] =>
  (instance.due?.(state) ?? []).filter((effect) => effect.kind !== 'place');

const names = (state: Instance): readonly string[] =>
  owed(state).map((effect) => (effect.kind === 'job' ? effect.job.kind : effect.command.type));

const plugs = (state: Instance): readonly unknown[] =>
  instanceSpec(state, 'running').nics.map(({ address, plug }) => [address, plug]);

describe('an interface that comes after the launch', () => {
  it('gets its address first; then the host is given the server as it is to be', () => {
    const asked = attach(lived, uuid(61));
    expect(names(asked)).toEqual(['AllocateAddress']);
    const held = allocated(asked, 2);
    expect(names(held)).toEqual(['change-nics']);
    expect(plugs(held)).toEqual([
      ['10.0.0.2', undefined],
      ['10.0.1.2', undefined],
    ]);
    const there = done(held);
    expect(addressesOf(there).map(({ claimId }) => claimId)).toEqual([FIRST, newPortId(uuid(61))]);
    expect(names(there)).toEqual([]);
  });

  it('keeps its place among the NICs while others go, and the next one fills the gap', () => {
    const two = done(allocated(attach(lived, uuid(61)), 2));
    const one = done(detach(two, FIRST, uuid(62)));
    expect(plugs(one)).toEqual([['10.0.1.2', 1]]);
    const again = done(allocated(attach(one, uuid(63)), 3));
    expect(plugs(again)).toEqual([
      ['10.0.1.3', undefined],
      ['10.0.1.2', undefined],
    ]);
  });

  it('shows its tag where its place on the bus is', () => {
    const tagged = done(allocated(attach(lived, uuid(61), { tag: 'data' }), 2));
    expect(nicsOf(tagged)).toMatchObject([{ claimId: FIRST }, { tag: 'data', slot: 9 }]);
  });

  it('is given up at once where the network refuses it, and undone where the host fails', () => {
    const refused = failed(attach(lived, uuid(61)), 'network.no-more-addresses');
    expect([refused.operation, addressesOf(refused).length, names(refused)]).toEqual([
      undefined,
      1,
      ['ReleaseAddress'],
    ]);
    const undoing = failed(allocated(attach(lived, uuid(61)), 2));
    expect([names(undoing), plugs(undoing)]).toEqual([['ensure-instance'], [['10.0.0.2', undefined]]]);
    const undone = done(undoing);
    expect([undone.vmState, addressesOf(undone).length, names(undone)]).toEqual(['active', 1, ['ReleaseAddress']]);
  });

  it('is dropped by a reset of the state before it has an address, and stays when it has one', () => {
    const reset = (state: Instance): Instance => send(state, { type: 'ResetState', data: { vmState: 'active' } });
    const before = reset(attach(lived, uuid(61)));
    expect([before.interfaces.length, names(before)]).toEqual([1, ['ReleaseAddress', 'ensure-instance']]);
    const after = reset(allocated(attach(lived, uuid(61)), 2));
    expect([plugs(after).length, names(after)]).toEqual([2, ['ensure-instance']]);
  });

  it('is refused by its network when its request comes after the server was deleted', () => {
    const claim = { claimId: newPortId(uuid(61)), notAfter: after(3600) };
    const asked = attach(lived, uuid(61), { notAfter: claim.notAfter });
    const deleting = send(asked, { type: 'DeleteInstance', data: {} }, uuid(62));
    const domain = deleting.debts.find(({ kind }) => kind === 'domain');
    const cleared = send(deleting, { type: 'RecordReleased', data: { debtId: domain?.id ?? '' } });
    const releases = owed(cleared).flatMap((effect) => (effect.kind === 'job' ? [] : [effect.command.data]));
    expect(releases).toContainEqual(claim); // the network refuses the claim until then
  });
});

describe('an interface that is taken away', () => {
  const floating = { floatingIpId: uuid(64), associationId: uuid(65), address: '203.0.113.1', claimId: FIRST };

  it('shows until the guest has it no more; then its address and floating IPs go', () => {
    const bound = instance.evolve(lived, { type: 'instance.floating-ip-bound.v1', data: floating }, NOW);
    const placed = instance.evolve(
      bound,
      { type: 'instance.floating-ip-placed.v1', data: { ...floating, hostId: HOST_A } },
      NOW,
    );
    const asked = detach(placed, FIRST, uuid(62));
    expect([names(asked), plugs(asked), addressesOf(asked).length]).toEqual([['change-nics'], [], 1]);
    const gone = done(asked);
    expect([addressesOf(gone), gone.floating]).toEqual([[], []]);
    expect(names(gone)).toEqual(['ReleaseAddress', 'LoseFloatingIpPort']);
  });

  it('stays, and is made again on the host, where that fails', () => {
    const undoing = failed(detach(lived, FIRST, uuid(62)));
    expect([names(undoing), plugs(undoing).length]).toEqual([['ensure-instance'], 1]);
    expect(done(undoing)).toMatchObject({ vmState: 'active', interfaces: lived.interfaces, debts: [] });
  });

  it('must be one of the server', () => {
    expect(() => detach(lived, uuid(66), uuid(62))).toThrow(
      `Instance ${request.instanceId} does not have a port with id ${uuid(66)}`,
    );
  });
});
