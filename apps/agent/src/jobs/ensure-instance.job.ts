import type { InstanceSpec } from '@cairn/host-protocol';

import { bringGuest } from './bring-guest';
import type { Handler } from './handler';
import type { HostPorts } from './job-context';
import { imagesOf, plugsOf, prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

const off = (spec: InstanceSpec): InstanceSpec => ({ ...spec, power: 'stopped' });

async function isOff(instanceId: string, { hypervisor }: HostPorts): Promise<boolean> {
  const power = await hypervisor.powerOf(instanceId);
  return power === 'stopped' || power === 'absent';
}

/**
 * Makes the instance exist with its disks, network and power state. `soft` stops ask the guest by ACPI first. What a guest
 * has no NIC for any more goes when the guest does not use it.
 */
export const ensureInstance: Handler<'ensure-instance'> = {
  images: ({ spec }) => imagesOf(spec),
  async run(_job, { spec, leaveOff }, context) {
    const watch = new Stopwatch(context.clock);
    const wanted = leaveOff === true && (await isOff(spec.instanceId, context)) ? off(spec) : spec;
    const facts = await bringGuest(await prepareInstance(wanted, context, watch), context, watch);
    await context.network.removePorts(spec.instanceId, plugsOf(spec));
    return facts;
  },
};

/** A job of its own, which hosts of releases do not do that leave the NICs of a running guest as they are. */
export const changeNics: Handler<'change-nics'> = {
  images: (payload) => ensureInstance.images(payload),
  run: (job, payload, context) => ensureInstance.run(job, payload, context),
};
