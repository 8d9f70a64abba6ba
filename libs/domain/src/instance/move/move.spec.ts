import { chosen, claimed, facts, HOST_A, HOST_B, operation, running, stopped, uuid } from '../../testing/examples';
import { after, NOW, specOf } from '../../testing/given';
import type { JobEffect } from '../../kernel/effect';
import { hostClaimId, instance, type InstanceEvent, type InstanceSpec } from '../index';
import { commandOf } from '../operations';

const given = specOf(instance);
const id = NOW.commandId;
const { flavor } = given(...running).state.request ?? {};
if (flavor === undefined) throw new Error('the example has a flavor');
const bigger = { ...flavor, flavorId: '3', name: 'm1.medium', vcpus: 2, ramMb: 4096, rootGb: 40 };

const asked = (more: object = {}): InstanceEvent => ({
  type: 'instance.resize-requested.v1',
  data: { ...operation, flavor: bigger, sameHost: true, number: 7, ...more },
});
const reserved: InstanceEvent = {
  type: 'instance.reservation-changed.v1',
  data: { operationId: id, amounts: { cores: 2, ram: 4096 } },
};
const target = (hostId: string): readonly InstanceEvent[] => [
  {
    type: 'instance.host-chosen.v2',
    data: { attempt: 1, hostId, hostName: 'node', claimId: hostClaimId(id, 1), purpose: 'resize' },
  },
  { type: 'instance.host-claimed.v1', data: { claimId: hostClaimId(id, 1), kind: 'resize' } },
];
const advanced: InstanceEvent = {
  type: 'instance.operation-advanced.v1',
  data: { operationId: id, kind: 'resize', leg: 1, facts },
};
const going = (hostId: string, from = running): readonly InstanceEvent[] => [
  ...from,
  asked(),
  reserved,
  ...target(hostId),
  advanced,
];

/** The server on the host, at its new size. */
function resized(hostId: string, from = running): readonly InstanceEvent[] {
  const history = going(hostId, from);
  const data = { operationId: id, leg: 1, facts, restarted: null };
  const { state } = given(...history).when({ type: 'RecordOperationDone', data });
  return [...history, { type: 'instance.resized.v1', data: { operationId: id, facts, now: nowOf(state) } }];
}

function nowOf({ vmState, host, request, diskSet }: ReturnType<typeof given>['state']) {
  if (host === undefined || request === undefined || diskSet === undefined) throw new Error('it stands nowhere');
  return { vmState, host, flavor: request.flavor, diskSet };
}

const owed = (history: readonly InstanceEvent[]): readonly (readonly [string, string | undefined])[] =>
  given(...history).owed.map((effect) => {
    if (effect.kind === 'job') return [effect.job.kind, effect.hostId];
    return [effect.kind === 'command' ? effect.command.type : 'place', undefined];
  });

const specIn = (history: readonly InstanceEvent[]): InstanceSpec =>
  (
    given(...history).owed.find(({ kind }) => kind === 'job') as JobEffect & {
      job: { payload: { spec: InstanceSpec } };
    }
  ).job.payload.spec;

describe('a resize owes, one after the other,', () => {
  it('room in the quota, a host, a claim, the end of the guest, and the guest at its new size', () => {
    const begun = [...running, asked()];
    expect(owed(begun)).toEqual([['ChangeReservation', undefined]]);
    expect(owed([...begun, reserved])).toEqual([['place', undefined]]);
    const [choice = reserved, claim = reserved] = target(HOST_B);
    expect(owed([...begun, reserved, choice])).toEqual([['ClaimCapacity', undefined]]);
    const placed = [...begun, reserved, choice, claim];
    expect(owed(placed)).toEqual([['ensure-instance', HOST_A]]);
    expect(specIn(placed)).toMatchObject({ vcpus: 1, power: 'stopped' });
    expect(owed([...placed, advanced])).toEqual([['ensure-instance', HOST_B]]);
    expect(specIn([...placed, advanced])).toMatchObject({
      vcpus: 2,
      ramMb: 4096,
      rootGb: 40,
      power: 'running',
      diskSet: { id, copyOf: { hostId: HOST_A, id: null } },
    });
  });

  it('no quota where the new flavor needs no more', () => {
    expect(owed([...running, asked({ flavor: { ...flavor, flavorId: '9' } })])).toEqual([['place', undefined]]);
  });

  it('a host of its own size and flavor, its own or another', () => {
    const request = (more: object): object => {
      const [effect] = given(...running, asked(more), reserved).owed;
      return effect?.kind === 'place' ? effect.request : {};
    };
    expect(request({})).toMatchObject({ purpose: 'resize', vcpus: 2, ramMb: 4096, excludedHosts: [] });
    expect(request({ sameHost: false })).toMatchObject({ excludedHosts: [HOST_A] });
    expect(request({ extraSpecs: { fast: 'yes' } })).toMatchObject({ extraSpecs: { fast: 'yes' } });
  });
});

describe('a resized server', () => {
  it('waits to be confirmed, as on or off as it was, and remembers what it was', () => {
    const { state } = given(...resized(HOST_B));
    expect(state).toMatchObject({ vmState: 'resized', host: { hostId: HOST_B }, diskSet: id, operation: undefined });
    expect(state.former).toMatchObject({ vmState: 'active', host: { hostId: HOST_A }, flavor });
    expect(specIn(going(HOST_A, stopped)).power).toBe('stopped');
    expect(owed(resized(HOST_B))).toEqual([]);
  });

  it('that is confirmed leaves nothing on its old host, and a smaller one gives quota back', () => {
    const confirm = commandOf({ name: 'confirmResize', input: {} }, NOW.at);
    const other = given(...resized(HOST_B)).when(confirm);
    expect(other.state).toMatchObject({ vmState: 'active', former: undefined, host: { hostId: HOST_B } });
    expect(other.state.debts.map(({ kind }) => kind)).toEqual(['domain', 'host-claim']);
    const same = given(...resized(HOST_A)).when(confirm);
    expect(same.state.debts.map(({ kind }) => kind)).toEqual(['disks', 'host-claim']);
  });

  it('that goes back is on its old host with its old disks, and what it had become goes', () => {
    const reverting: InstanceEvent = { type: 'instance.resize-reversion-requested.v1', data: operation };
    const history = [...resized(HOST_B), reverting];
    expect(owed(history)).toEqual([['ensure-instance', HOST_B]]);
    expect(specIn(history).power).toBe('stopped');
    const there: InstanceEvent = {
      type: 'instance.operation-advanced.v1',
      data: { operationId: id, kind: 'revertResize', leg: 1, facts },
    };
    expect(owed([...history, there])).toEqual([['ensure-instance', HOST_A]]);
    expect(specIn([...history, there])).toMatchObject({ vcpus: 1, power: 'running' });
    expect(specIn([...history, there])).not.toHaveProperty('diskSet');
    const { state } = given(...history, there).when({
      type: 'RecordOperationDone',
      data: { operationId: id, leg: 1, facts, restarted: null },
    });
    expect(state).toMatchObject({ vmState: 'active', host: { hostId: HOST_A }, former: undefined, diskSet: undefined });
    expect(state.debts.map(({ kind }) => kind)).toEqual(['domain', 'host-claim', 'reservation']);
  });
});

describe('a move that fails', () => {
  const fails = (history: readonly InstanceEvent[], leg: number | undefined, permanent: boolean) =>
    given(...history).when(
      {
        type: 'RecordOperationFailed',
        data: {
          operationId: id,
          ...(leg === undefined ? {} : { leg }),
          code: 'disk.failed',
          message: 'Full.',
          permanent,
        },
      },
      { at: after(5) },
    );

  it('before a host was found ends at once, as if nothing had been asked', () => {
    const { state } = fails([...running, asked(), reserved], undefined, true);
    expect(state).toMatchObject({ vmState: 'active', operation: undefined, placement: undefined, reserved: undefined });
    expect(state.debts.map(({ kind }) => kind)).toEqual(['reservation']);
  });

  it('on a host goes on with another one', () => {
    const { state } = fails(going(HOST_B), 1, false);
    expect(state.placement).toMatchObject({ attempt: 1, excludedHosts: [HOST_B], target: undefined });
    expect(state.operation).toMatchObject({ leg: 0 });
  });

  it('and that no other host could do brings back what was before, once the other host has cleared it away', () => {
    const undoing = fails(going(HOST_B), 1, true).state;
    expect(undoing.operation).toMatchObject({ undone: { code: 'disk.failed', message: 'Full.' } });
    const effects = instance.due?.(undoing) ?? [];
    expect(
      effects.map((one) => (one.kind === 'job' ? [one.job.kind, one.hostId, one.notBefore !== undefined] : [])),
    ).toEqual([
      ['remove-instance', HOST_B, false],
      ['ensure-instance', HOST_A, true],
    ]);
  });

  it('and cannot be undone leaves the server in error, with both reasons', () => {
    const undoing: InstanceEvent = {
      type: 'instance.operation-undoing.v1',
      data: { operationId: id, kind: 'resize', code: 'disk.failed', message: 'Full.', notAfter: after(900) },
    };
    const { state } = fails([...going(HOST_A), undoing], -1, true);
    expect(state).toMatchObject({ vmState: 'error', host: { hostId: HOST_A }, operation: undefined });
    expect(state.fault?.message).toBe('Full. What was before could not be restored: Full.');
  });

  it('is not taken for the failure of another of its jobs', () => {
    given(...going(HOST_B))
      .when({
        type: 'RecordOperationFailed',
        data: { operationId: id, leg: 0, code: 'a.b', message: 'No.', permanent: true },
      })
      .thenNothing();
  });
});

describe('a resize is refused', () => {
  const ask = (change: object) =>
    commandOf({ name: 'resize', input: { flavor: { ...bigger, ...change }, sameHost: true, number: 1 } }, NOW.at);

  it.each([
    ['to the flavor that the server has', { flavorId: flavor.flavorId }, 'instance.same-flavor'],
    ['to a smaller root disk', { rootGb: 1 }, 'instance.smaller-disk'],
    ['to a smaller ephemeral disk', { ephemeralGb: 0 }, 'instance.smaller-disk'],
    ['to a root disk as large as the image', { rootGb: 0 }, 'instance.zero-disk'],
  ])('%s', (_what, change, code) => {
    given(...running)
      .when(ask(change), { commandId: uuid(91) })
      .thenRefuses(code);
  });
});

it('claims of a move and of the launch have ids of their own', () => {
  expect([chosen(), claimed()].map(({ data }) => (data as { claimId: string }).claimId)).not.toContain(
    hostClaimId(id, 1),
  );
});
