import type { DomainEvent } from '@cairn/domain';
import { HostClaimRow } from '../host-claim.v1/row';
import { inventoryOf } from '../../../domain/src/testing/model';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { HostRow } from './row';

const enrolled: DomainEvent = {
  type: 'host.enrolled.v1',
  data: { hostId: 'h1', name: 'node-1', number: 3, availabilityZone: 'nova' },
};
const INVENTORY = inventoryOf();
const started: DomainEvent = { type: 'host.started.v1', data: { bootId: 'b1', inventory: INVENTORY } };
const down: DomainEvent = { type: 'host.went-down.v1', data: { lastSeenAt: at(2) } };
const claimed: DomainEvent = {
  type: 'host.capacity-claimed.v2',
  data: {
    claimId: 'c1',
    owner: { category: 'instance', id: 'i1' },
    projectId: 'p1',
    amounts: { vcpus: 2, ramMb: 512, diskGb: 20 },
  },
};
const released: DomainEvent = {
  type: 'host.capacity-released.v2',
  data: { claimId: 'c1', owner: { category: 'instance', id: 'i1' } },
};

const model = (size: number, ...events: readonly DomainEvent[]): ReturnType<typeof rowsAfter> =>
  rowsAfter(timeline(...events.map((event) => ['host-h1', event] as const)), size);

const row = async (...events: readonly DomainEvent[]): Promise<HostRow | undefined> =>
  (await model(100, ...events)).get(HostRow, 'h1');

describe('hosts.v2', () => {
  it('is down and of unknown capacity until its agent has started', async () => {
    expect(await row(enrolled)).toMatchObject({ up: false, enabled: true, vcpus: null, cpu: null, usedVcpus: 0 });
    const { hostname, vcpus, cpu } = INVENTORY;
    const expected = { up: true, bootId: 'b1', startedAt: at(2), hostname, vcpus, cpu };
    expect(await row(enrolled, started)).toMatchObject(expected);
  });

  it('says since when it has not been heard of, until it is up again', async () => {
    expect(await row(enrolled, started, down)).toMatchObject({ up: false, lastSeenAt: at(2), updatedAt: at(3) });
    const up: DomainEvent = { type: 'host.came-up.v1', data: { bootId: 'b1' } };
    expect(await row(enrolled, started, down, up)).toMatchObject({ up: true, lastSeenAt: null });
  });

  it('is disabled for a reason, and enabled without', async () => {
    const disabled: DomainEvent = { type: 'host.disabled.v1', data: { reason: 'fan' } };
    const enabled: DomainEvent = { type: 'host.enabled.v1', data: {} };
    expect(await row(enrolled, disabled)).toMatchObject({ enabled: false, disabledReason: 'fan' });
    expect(await row(enrolled, disabled, enabled)).toMatchObject({ enabled: true, disabledReason: null });
  });

  it('is stated to be down until the statement is cleared, and is heard of meanwhile', async () => {
    const forced: DomainEvent = { type: 'host.forced-down.v1', data: {} };
    const cleared: DomainEvent = { type: 'host.force-down-cleared.v1', data: {} };
    expect(await row(enrolled, started, forced)).toMatchObject({ up: true, forcedDown: true, updatedAt: at(3) });
    expect(await row(enrolled, started, forced, cleared)).toMatchObject({ up: true, forcedDown: false });
  });

  it.each([1, 100])('counts what is claimed and gives back the same, %d events at a time', async (size) => {
    const used = { usedVcpus: 2, usedRamMb: 512, usedDiskGb: 20, runningVms: 1, updatedAt: at(2) };
    expect((await model(size, enrolled, started, claimed)).get(HostRow, 'h1')).toMatchObject(used);
    const after = await model(size, enrolled, started, claimed, released);
    const free = { usedVcpus: 0, usedRamMb: 0, usedDiskGb: 0, runningVms: 0 };
    expect(after.get(HostRow, 'h1')).toMatchObject(free);
    expect(after.all(HostClaimRow)).toEqual([]);
  });
});
