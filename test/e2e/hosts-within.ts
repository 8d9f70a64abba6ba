import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DEMO, type Ran } from './cloud';
import { addressOf, GuestCloud } from './guest-cloud';

/** A guest of such a cloud. */
export interface Placed {
  readonly name: string;
  readonly address: string;
  readonly addressV6: string;
  readonly host: string;
}

/** A cloud of real hosts within this machine. Each guest is reached from its own host. */
export class HostsWithin extends GuestCloud {
  private folder(host: string): string {
    return join(this.state, 'machines', host);
  }

  /** Runs a program on one of the hosts. */
  onHost(host: string, program: string, ...args: readonly string[]): Promise<Ran> {
    return this.run('infra/host/machine.sh', ['run', this.folder(host), program, ...args]);
  }

  /** Launches servers that must not share a host, as many as there are names. */
  async launchApart(...names: readonly string[]): Promise<readonly Placed[]> {
    const group = ['server', 'group', 'create', '--policy', 'anti-affinity', 'apart'];
    const { id } = await this.openstack<{ id: string }>(group, DEMO);
    return Promise.all(
      names.map(async (name): Promise<Placed> => {
        const server = await this.launch(name, { more: ['--hint', `group=${id}`] });
        const shown = await this.openstack<Record<string, string>>(['server', 'show', server.id]);
        const [addressV6 = ''] = (server.addresses['private'] ?? []).filter((one) => one.includes(':'));
        return { name, address: addressOf(server), addressV6, host: shown['OS-EXT-SRV-ATTR:host'] ?? '' };
      }),
    );
  }

  /** The same as `inGuest`, from the guest's host. */
  within({ address, host }: Placed, command: string, good?: (out: string) => boolean): Promise<string> {
    return this.inGuest(address, command, good, (program, args) => this.onHost(host, program, ...args));
  }

  /** As if the host's power were lost. */
  cutPower(host: string): void {
    process.kill(Number(readFileSync(join(this.folder(host), 'machine.pid'), 'utf8')), 'SIGKILL');
  }
}
