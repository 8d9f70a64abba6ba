import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { writeWhole } from '@cairn/os';

import type { DomainSpec } from '../../ports/hypervisor.port';

import { macsIn } from './diagnostics';
import { nicXml } from './domain-xml';
import { orNullIfGone } from './domains';
import type { Virsh } from './virsh';

/** How long a guest that runs may take to let a NIC go; nova 26.1 waits 20 s, and asks again. */
const LETS_GO_WITHIN_MS = 20_000;
const LOOK_MS = 250;

/** Gives guests in memory the NICs that they are to have, while they go on. */
export class LiveNics {
  constructor(private readonly virsh: Virsh) {}

  /**
   * A NIC comes at once. One goes when the guest lets it go, which a paused one, or one that has not booted yet, does not: it
   * keeps it, without a tap behind it, and is asked again at the next occasion.
   * @param folder of the instance
   */
  async settle({ spec, nics }: DomainSpec, folder: string): Promise<void> {
    const { instanceId, power } = spec;
    const present = await this.of(instanceId);
    for (const [i, plugged] of nics.entries()) {
      if (present.has(plugged.mac)) continue;
      const file = join(folder, 'nic.xml');
      await writeWhole(file, nicXml(plugged, spec, i));
      await this.virsh.run('attach-device', instanceId, file, '--live');
    }
    const wanted = nics.map(({ mac }) => mac);
    const others = [...present].filter((mac) => !wanted.includes(mac));
    for (const mac of others)
      await orNullIfGone(this.virsh.run('detach-interface', instanceId, 'ethernet', '--mac', mac, '--live')).catch(
        (error: unknown) => this.unlessGone(instanceId, mac, error),
      );
    if (power === 'running') await this.untilGone(instanceId, others);
  }

  private async unlessGone(instanceId: string, mac: string, error: unknown): Promise<null> {
    // asked before, and not yet gone: libvirt then says that it is being taken away
    const pending = error instanceof Error && /already in the process of unplug/i.test(error.message);
    if (!pending && (await this.of(instanceId)).has(mac)) throw error;
    return null;
  }

  private async untilGone(instanceId: string, macs: readonly string[]): Promise<void> {
    const until = Date.now() + LETS_GO_WITHIN_MS;
    while (macs.length > 0 && Date.now() < until) {
      const present = await this.of(instanceId);
      if (macs.every((mac) => !present.has(mac))) return;
      await pause(LOOK_MS);
    }
  }

  private async of(instanceId: string): Promise<ReadonlySet<string>> {
    return new Set(macsIn((await orNullIfGone(this.virsh.run('domiflist', instanceId))) ?? '').values());
  }
}
