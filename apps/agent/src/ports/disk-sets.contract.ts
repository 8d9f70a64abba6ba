import type { InstanceSpec } from '@cairn/host-protocol';

import { instanceOf, noDrive } from '../testing/specs';

import type { DiskStoreHarness } from './disk-store.contract';
import type { InstanceDisks } from './hypervisor.port';
import type { DiskStore, InstanceImages } from './image-cache.port';

const GIB = 1024 ** 3;

/** What every `DiskStore` does with the sets of disks of a server that moves. One harness per test. */
export function diskSetsContract(name: string, make: () => Promise<DiskStoreHarness>): void {
  describe(`${name} keeps the part of the DiskStore contract that is about sets of disks`, () => {
    let harness: DiskStoreHarness;
    let disks: DiskStore;
    const ensure = (spec: InstanceSpec, images: InstanceImages): Promise<InstanceDisks> =>
      disks.ensure(spec, images, noDrive);
    beforeEach(async () => {
      harness = await make();
      disks = harness.disks;
    });
    afterEach(() => harness.close());

    it('makes a set of disks as a copy of another, as large as it should be, and discards what nobody uses', async () => {
      const { spec, images } = await harness.image(1, 'sound');
      const instance = instanceOf(1, { ...spec, rootGb: 2, ephemeralGb: 1 });
      const first = await ensure(instance, images);
      const id = 'a0000000-0000-4000-8000-000000000002';
      const moved = { ...instance, rootGb: 3, diskSet: { id, copyOf: { hostId: null, id: null } } };
      const second = await ensure(moved, images);
      expect(second.root).not.toBe(first.root);
      expect([await harness.sizeOf(first.root), await harness.sizeOf(second.root)]).toEqual([2 * GIB, 3 * GIB]);
      await harness.scribble(second.root);
      expect(await ensure(moved, images)).toEqual(second);
      expect([await harness.scribbled(first.root), await harness.scribbled(second.root)]).toEqual([false, true]);
      for (const _repeat of [1, 2]) await disks.discard(instance.instanceId, [id]);
      expect([await harness.sizeOf(first.root), await harness.sizeOf(second.root)]).toEqual([null, 3 * GIB]);
      await disks.remove(instance.instanceId);
      expect(await harness.sizeOf(second.root)).toBeNull();
    });
  });
}
