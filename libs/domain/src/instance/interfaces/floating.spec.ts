import type { CommandEffect } from '../../kernel/effect';
import { floatingip } from '../../floating-ip';
import { floatingIpOf } from '../../testing/model';
import { address, HOST_A, running, uuid } from '../../testing/examples';
import { NOW, specOf } from '../../testing/given';
import { instance, type InstanceEvent } from '../index';

const given = specOf(instance);
const association = { floatingIpId: floatingIpOf().floatingIpId, associationId: uuid(65) };
const bound: InstanceEvent = {
  type: 'instance.floating-ip-bound.v1',
  data: { ...association, address: '203.0.113.1', claimId: address.claimId },
};
const placing = (...history: readonly InstanceEvent[]): CommandEffect | undefined =>
  given(...history).owed.find(
    (effect): effect is CommandEffect => effect.kind === 'command' && effect.command.type === 'PlaceFloatingIp',
  );
const placed = (hostId: string | null): InstanceEvent => ({
  type: 'instance.floating-ip-placed.v1',
  data: { ...association, hostId },
});

describe('a floating IP that leads to a server', () => {
  it('is told again where it had been told otherwise under the same version, before the server had a host', () => {
    const told = specOf(floatingip)(
      { type: 'floating-ip.allocated.v1', data: floatingIpOf() },
      {
        type: 'floating-ip.associated.v1',
        data: {
          associationId: association.associationId,
          ...{ holder: { category: 'instance', id: uuid(1) }, portId: address.claimId },
          ...{ networkId: uuid(21), fixedAddress: address.address },
        },
      },
      { type: 'floating-ip.placed.v1', data: { associationId: association.associationId, version: 1, hostId: null } },
    ).state;
    const effect = placing(...running, bound);
    expect(effect?.command.data).toMatchObject({ version: 1, hostId: HOST_A });
    const command = effect?.command as Parameters<typeof floatingip.decide>[0];
    expect(floatingip.decide(command, told, NOW)).toEqual([]);
    const record = effect?.onDone(floatingip.answer?.(command, told));
    expect(record).toEqual({ type: 'RecordFloatingIpPlaced', data: { ...association, version: 1, hostId: null } });
    expect(placing(...running, bound, placed(null))?.command.data).toMatchObject({ version: 2, hostId: HOST_A });
  });

  it('is told once where the server is, whatever answers come late', () => {
    expect(placing(...running, bound, placed(HOST_A))).toBeUndefined();
    given(...running, bound, placed(null), placed(HOST_A))
      .when({ type: 'RecordFloatingIpPlaced', data: { ...association, version: 1, hostId: null } })
      .thenNothing();
  });
});
