import { type Capacity, claimable, Table } from '@cairn/domain';
import { inventoryOf } from '../../../../../libs/domain/src/testing/model';
import { idOf } from '../../runtime/testing/fixtures';
import { type HostView, NO_LOAD } from '../host-view';
import { filtersOf } from '../filters';
import type { Judges } from '../select';
import { DEFAULT_SETTINGS, type SchedulerSettings, schedulerSettings } from '../settings';
import { weighersOf } from '../weighers';

const INVENTORY = inventoryOf({ vcpus: 8, ramMb: 8_192, diskGb: 100 });

/** What a host must use of a small machine for so much to be left, over-commit included. */
export function leaving(free: Capacity): Pick<HostView, 'used'> {
  const all = claimable(INVENTORY, DEFAULT_SETTINGS.ratios);
  return {
    used: { vcpus: all.vcpus - free.vcpus, ramMb: all.ramMb - free.ramMb, diskGb: all.diskGb - free.diskGb },
  };
}

/** A small host that is up and has no servers. */
export const hostOf = (name: string, over: Partial<HostView> = {}): HostView => ({
  hostId: idOf(`host ${name}`),
  name,
  availabilityZone: 'nova',
  aggregates: [],
  enabled: true,
  up: true,
  inventory: INVENTORY,
  machine: {
    architectures: ['x86_64', 'i686'],
    hypervisorTypes: ['qemu'],
    hypervisorVersion: 7_002_011,
    vmModes: ['hvm'],
  },
  ...leaving({ vcpus: 8, ramMb: 8_192, diskGb: 100 }),
  claims: Table.empty(),
  instances: 0,
  load: NO_LOAD,
  failures: 0,
  ...over,
});

export const settingsOf = (given: object): SchedulerSettings => schedulerSettings.parse(given);

export const judgesOf = (settings: SchedulerSettings): Judges => ({
  filters: filtersOf(settings),
  weighers: weighersOf(settings),
  subset: settings.hostSubsetSize,
});
