import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Cloud, type Credentials, DEMO, eventually } from './cloud';
import { IMAGES } from './real-guests';

/** A server as the stock client shows it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly 'OS-EXT-STS:task_state': string | null;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  readonly fault?: { readonly message: string };
}

/** An image as the stock client shows it. */
export interface ShownImage {
  readonly status: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** A server that was just launched. */
export interface Launched extends Shown {
  readonly adminPass: string;
}

export const addressOf = ({ addresses }: Shown): string => addresses['private']?.[0] ?? '';

/** The SHA-256 of a file, in hexadecimal digits. */
export const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A cloud of this machine, as the tenant `demo` uses it: with an image `guest`, and a key that opens its guests. */
export class GuestCloud extends Cloud {
  private key = '';

  /** Comes up for the first time, and gets image, key, and open ports. @returns the image's id */
  async begin(...ofImage: readonly string[]): Promise<string> {
    await this.up();
    const file = ['--disk-format', 'qcow2', '--file', join(IMAGES, 'cairn-guest.qcow2')];
    const image = this.openstack<{ id: string }>(['image', 'create', ...file, ...ofImage, 'guest'], DEMO);
    const [{ id }, key] = await Promise.all([image, this.does(['keypair', 'create', 'key'], DEMO), this.open()]);
    this.key = this.file('key', key);
    return id;
  }

  /** Opens the servers of a project's default group for ping and SSH, as any tenant has to. */
  async open(as: Credentials = DEMO): Promise<void> {
    const rule = ['security', 'group', 'rule', 'create'];
    await this.does([...rule, '--protocol', 'icmp', 'default'], as);
    await this.does([...rule, '--protocol', 'tcp', '--dst-port', '22', 'default'], as);
  }

  /** Launches a server that the key opens, and waits until it is ACTIVE. */
  async launch(
    name: string,
    {
      image = 'guest',
      flavor = 'm1.tiny',
      more = [],
    }: { readonly image?: string; readonly flavor?: string; readonly more?: readonly string[] } = {},
  ): Promise<Launched> {
    const from = ['--image', image, '--flavor', flavor, '--key-name', 'key', ...more];
    const { adminPass } = await this.openstack<Launched>(['server', 'create', ...from, '--wait', name], DEMO);
    return { ...(await this.show(name)), adminPass };
  }

  show(server: string): Promise<Shown> {
    return this.openstack<Shown>(['server', 'show', server], DEMO);
  }

  becomes(server: string, status: string, withinMs = 120_000): Promise<Shown> {
    return eventually(
      () => this.show(server),
      (shown) => shown.status === status,
      { withinMs },
    );
  }

  /** Waits for an image of a server, and for the end of the task that makes it, which lasts a moment longer. */
  async imageOf(server: string, image: string): Promise<ShownImage> {
    const made = await eventually(
      () => this.openstack<ShownImage>(['image', 'show', image], DEMO),
      ({ status }) => status === 'active',
    );
    await eventually(
      () => this.show(server),
      (shown) => shown['OS-EXT-STS:task_state'] === null,
    );
    return made;
  }

  /**
   * Runs a command in a guest by SSH, again and again until it succeeds with an answer that is `good`.
   * @param run where the guest is reached from, if not from this machine itself
   */
  async inGuest(
    address: string,
    command: string,
    good: (out: string) => boolean = () => true,
    run: Cloud['run'] = this.run.bind(this),
  ): Promise<string> {
    const ran = await eventually(
      () =>
        run('/usr/bin/ssh', [
          ...['-i', this.key, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
          ...['-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=20', '-o', 'BatchMode=yes', `root@${address}`, command],
        ]),
      ({ status, stdout }) => status === 0 && good(stdout),
      { withinMs: 300_000 },
    );
    return ran.stdout;
  }

  /** Waits for a guest in which a file is that text, spaces around it aside. */
  async holds(address: string, file: string, text: string): Promise<void> {
    await this.inGuest(address, `cat ${file}`, (out) => out.trim() === text);
  }

  /** What this machine's libvirt answers. */
  async virsh(...args: readonly string[]): Promise<string> {
    return (await this.run('virsh', ['-q', '-c', 'qemu:///system', ...args])).stdout;
  }
}
