import type { CommandEffect, Effect, JobEffect } from '../kernel/effect';
import { floatingIpOf } from '../testing/model';
import { uuid } from '../testing/examples';
import { after, NOW, specOf } from '../testing/given';
import { floatingip, type FloatingIpCommand, type FloatingIpEvent, type FloatingTarget } from './index';

const given = specOf(floatingip);
const record = floatingIpOf();
const allocated: FloatingIpEvent = { type: 'floating-ip.allocated.v1', data: record };
const targetOf = (n: number): FloatingTarget => ({
  holder: { category: 'instance', id: uuid(n) },
  portId: uuid(70 + n),
  networkId: uuid(21),
  fixedAddress: `10.0.0.${String(n)}`,
});
const associated = (n: number, associationId = `a${String(n)}`): FloatingIpEvent => ({
  type: 'floating-ip.associated.v1',
  data: { associationId, ...targetOf(n) },
});
const placed = (n: number, hostId: string | null, version = 1): FloatingIpEvent => ({
  type: 'floating-ip.placed.v1',
  data: { associationId: `a${String(n)}`, version, hostId },
});
const disassociated = (n: number): FloatingIpEvent => ({
  type: 'floating-ip.disassociated.v1',
  data: { associationId: `a${String(n)}` },
});
const applied = (hostId: string, generation: number): FloatingIpEvent => ({
  type: 'floating-ip.applied.v1',
  data: { hostId, generation },
});
const jobs = (owed: readonly Effect[]): readonly string[] =>
  owed.flatMap((one) => (one.kind === 'job' ? [`${one.job.kind} ${one.hostId} ${String(one.job.generation)}`] : []));
const commands = (owed: readonly Effect[]): readonly string[] =>
  owed.flatMap((one) => (one.kind === 'command' ? [one.command.type] : []));

describe('a floating IP', () => {
  it('leads to a port, tells its holder, and then the host that the holder names', () => {
    expect(commands(given(allocated, associated(1)).owed)).toEqual(['BindFloatingIp']);
    expect(given(allocated, associated(1), placed(1, null)).owed).toEqual([]);
    const { owed } = given(allocated, associated(1), placed(1, 'h1'));
    expect(jobs(owed)).toEqual(['ensure-floating-ip h1 1']);
    expect((owed[0] as JobEffect).job.payload).toMatchObject({ address: record.address, fixedAddress: '10.0.0.1' });
    expect(given(allocated, associated(1), placed(1, 'h1'), applied('h1', 1)).owed).toEqual([]);
  });

  it('moves with its holder: the new host carries it while the old one is still to let it go', () => {
    const past = [allocated, associated(1), placed(1, 'h1'), applied('h1', 1), placed(1, 'h2', 2)];
    expect(jobs(given(...past).owed)).toEqual(['remove-floating-ip h1 2', 'ensure-floating-ip h2 2']);
    expect(jobs(given(...past, applied('h2', 2)).owed)).toEqual(['remove-floating-ip h1 2']);
    expect(given(...past, applied('h2', 2), applied('h1', 2)).owed).toEqual([]);
    expect(jobs(given(...past, placed(1, 'h1', 3)).owed)).toEqual([
      'remove-floating-ip h2 3',
      'ensure-floating-ip h1 3',
    ]);
  });

  it('leaves one port for another, and tells both holders', () => {
    const associate = (n: number): FloatingIpCommand => ({ type: 'AssociateFloatingIp', data: targetOf(n) });
    given(allocated, associated(1)).when(associate(1)).thenNothing();
    const { state } = given(allocated, associated(1), disassociated(1), associated(2));
    expect(state.association?.portId).toBe(targetOf(2).portId);
    const { owed } = given(allocated, associated(1), placed(1, 'h1'), disassociated(1), associated(2));
    expect(commands(owed)).toEqual(['UnbindFloatingIp', 'BindFloatingIp']);
    expect(jobs(owed)).toEqual(['remove-floating-ip h1 2']);
  });

  it('forgets a port that its holder does not have, without telling it', () => {
    const bind = given(allocated, associated(1)).owed[0] as CommandEffect;
    const lose = bind.onRefused({ code: 'c', message: 'm', permanent: true }) as FloatingIpCommand;
    const lost: FloatingIpEvent = {
      type: 'floating-ip.disassociated.v1',
      data: { associationId: 'a1', lost: { code: 'c', message: 'm' } },
    };
    given(allocated, associated(1)).when(lose).then(lost);
    expect(given(allocated, associated(1), lost).owed).toEqual([]);
    given(allocated, associated(2)).when(lose).thenNothing();
  });

  it('is told by its present holder alone where it is, each time once', () => {
    const place = (n: number, version: number): FloatingIpCommand => ({
      type: 'PlaceFloatingIp',
      data: { associationId: `a${String(n)}`, version, hostId: 'h1' },
    });
    given(allocated, associated(1)).when(place(1, 1)).then(placed(1, 'h1'));
    given(allocated, associated(1), placed(1, 'h2', 2))
      .when(place(1, 1))
      .thenNothing();
    given(allocated, associated(2)).when(place(1, 1)).thenRefuses('floating-ip.not-associated');
  });

  it('is disassociated from whom it leads to only', () => {
    const from = (n: number | null): FloatingIpCommand => ({
      type: 'DisassociateFloatingIp',
      data: { holder: n === null ? null : targetOf(n).holder },
    });
    given(allocated, associated(1)).when(from(1)).then(disassociated(1));
    given(allocated, associated(1)).when(from(null)).then(disassociated(1));
    given(allocated, associated(1)).when(from(2)).thenRefuses('floating-ip.not-associated');
    given(allocated).when(from(null)).thenRefuses('floating-ip.not-associated');
  });

  it('goes back to its pool when no host carries it any more, and its quota at once', () => {
    const release: FloatingIpCommand = { type: 'ReleaseFloatingIp', data: {} };
    const released: FloatingIpEvent = {
      type: 'floating-ip.released.v1',
      data: { floatingIpId: record.floatingIpId },
    };
    const past = [allocated, associated(1), placed(1, 'h1')];
    const named: FloatingIpEvent = { ...released, data: { ...released.data, names: true } };
    given(...past)
      .when(release)
      .then(disassociated(1), named);
    const carried = given(...past, disassociated(1), named, applied('h1', 2));
    expect(commands(carried.owed)).toEqual(['UnbindFloatingIp', 'ForgetDnsAddress', 'ReleaseQuota']);
    const given_ = given(...past, disassociated(1), released);
    expect(commands(given_.owed)).toEqual(['UnbindFloatingIp', 'ReleaseQuota']);
    expect(commands(given(...past, disassociated(1), released, applied('h1', 2)).owed)).toEqual([
      'UnbindFloatingIp',
      'ReleaseQuota',
      'ReleaseFloatingAddress',
    ]);
    given(allocated, released).when(release).thenRefuses('floating-ip.not-found');
  });

  it('that a server got at its launch stays with its port, and goes with it', () => {
    const auto: FloatingIpEvent = { type: 'floating-ip.allocated.v1', data: { ...record, autoAssigned: true } };
    const assign: FloatingIpCommand = { type: 'AssignFloatingIp', data: { record, target: targetOf(1) } };
    const begun = associated(1, NOW.commandId);
    given().when(assign).then(auto, begun);
    given(auto, begun).when(assign).thenNothing();
    given(allocated).when(assign).thenRefuses('floating-ip.exists');
    const user: readonly FloatingIpCommand[] = [
      { type: 'DisassociateFloatingIp', data: { holder: targetOf(1).holder } },
      { type: 'ReleaseFloatingIp', data: {} },
    ];
    for (const command of user) given(auto, associated(1)).when(command).thenRefuses('floating-ip.auto-assigned');
    given(auto, associated(1))
      .when({ type: 'AssociateFloatingIp', data: targetOf(2) })
      .thenNothing();
    const lost = { code: 'instance.deleted', message: 'gone' };
    const disassociated_: FloatingIpEvent = {
      type: 'floating-ip.disassociated.v1',
      data: { associationId: 'a1', lost },
    };
    const released: FloatingIpEvent = {
      type: 'floating-ip.released.v1',
      data: { floatingIpId: record.floatingIpId, names: true },
    };
    given(auto, associated(1))
      .when({ type: 'LoseFloatingIpPort', data: { associationId: 'a1', ...lost } })
      .then(disassociated_, released);
    // no quota was reserved for it
    expect(commands(given(auto, associated(1), disassociated_, released).owed)).toEqual(['ForgetDnsAddress']);
  });

  it('is asked of a host again, later each time, as long as that fails', () => {
    const failed = (attempt: number): FloatingIpEvent => ({
      type: 'floating-ip.apply-failed.v1',
      data: { hostId: 'h1', generation: 1, attempt, code: 'network.failed', message: 'no' },
    });
    const past = [allocated, associated(1), placed(1, 'h1')];
    const first = given(...past).owed[0] as JobEffect;
    const again = given(...past, failed(1)).owed[0] as JobEffect;
    expect(again.id).not.toBe(first.id);
    expect(again.notBefore).toBe(after(2));
    given(...past, failed(1))
      .when(first.onRefused({ code: 'network.failed', message: 'no', permanent: true }) as FloatingIpCommand)
      .thenNothing();
  });

  it('can be made once, and not after its request was given up', () => {
    const allocate: FloatingIpCommand = { type: 'AllocateFloatingIp', data: record };
    given().when(allocate).then(allocated);
    given(allocated).when(allocate).thenRefuses('floating-ip.exists');
    const abandoned: FloatingIpEvent = {
      type: 'floating-ip.creation-abandoned.v1',
      data: { floatingIpId: record.floatingIpId },
    };
    given()
      .when({ type: 'AbandonCreation', data: { id: record.floatingIpId } })
      .then(abandoned);
    given(abandoned).when(allocate).thenRefuses('floating-ip.exists');
  });
});
