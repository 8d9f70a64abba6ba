import { spawn } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Port } from '../../ports/host-network.port';
import { CommandFailed, runCommand } from '../host-command';

import { openDirectory } from './host-lab';

const ip = (...args: readonly string[]): Promise<string> => runCommand('ip', args);

/** What a DHCP server told the guest: udhcpc's variables (ip, router, dns, mtu, hostname, lease, …). */
export type Lease = Readonly<Record<string, string>>;

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Runs in a Node process of its own, inside the namespace. */
const SEND_DATAGRAM = `
  const [text, from, to, fromPort, toPort] = process.argv.slice(1);
  const socket = require('node:dgram').createSocket(from.includes(':') ? 'udp6' : 'udp4');
  socket.bind(Number(fromPort), from, () => socket.send(text, Number(toPort), to, () => socket.close()));
`;

/** Prints whether a TCP connection is made within a second. */
const CONNECT = `
  const [host, port] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port) });
  const end = (made) => { console.log(made); process.exit(0); };
  socket.once('connect', () => end('connected')).once('error', () => end('refused'));
  setTimeout(() => end('silence'), 1000);
`;

/** Prints whether a DNS server answers within a second, whatever it says. */
const RESOLVE = `
  const { Resolver } = require('node:dns').promises;
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([process.argv[1]]);
  resolver.resolve4('nobody.novalocal').then(() => 'answer', ({ code }) => (code === 'ENOTFOUND' ? 'answer' : code)).then(console.log);
`;

/** Sends a whole frame, which Node.js cannot. */
const SEND_FRAME = `
import socket, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(('eth0', 0))
wire.send(bytes.fromhex(sys.argv[1]))
`;

/** Asks all DHCPv6 servers for an address as RFC 8415 (sections 16 to 18) has it, and prints those that the first offers. */
const SOLICIT = `
import socket, struct, sys
mac = bytes.fromhex(open('/sys/class/net/eth0/address').read().strip().replace(':', ''))
option = lambda code, data: struct.pack('!HH', code, len(data)) + data
asked = b'\\x01abc' + option(1, b'\\0\\3\\0\\1' + mac) + option(8, b'\\0\\0') + option(3, b'\\0\\0\\0\\1' + bytes(8))
wire = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
wire.bind(('::', 546))
wire.settimeout(1)
def options(data):
    while data:
        code, size = struct.unpack('!HH', data[:4])
        yield code, data[4:4 + size]
        data = data[4 + size:]
for attempt in range(10):
    wire.sendto(asked, ('ff02::1:2', 547, 0, socket.if_nametoindex('eth0')))
    try: answer = wire.recv(1500)
    except socket.timeout: continue
    held = [data[12:] for code, data in options(answer[4:]) if code == 3]
    print(*[socket.inet_ntop(socket.AF_INET6, data[:16]) for inner in held for code, data in options(inner) if code == 5])
    break
`;

/**
 * Asks for routers at once, and again soon: no test waits for the seconds that Linux takes to be polite (RFC 4861, section
 * 10). A kernel without IPv6 asks for none.
 */
const HASTE = [
  'cd /proc/sys/net/ipv6/conf/default 2> /dev/null || exit 0',
  'echo 0 > router_solicitation_delay',
  'echo 1 > router_solicitation_interval',
].join(' && ');

/** Prints every datagram that arrives, and answers TCP connections to the same port. */
const LISTEN = `
  const [host, port] = process.argv.slice(1);
  const say = (text) => process.stdout.write(text + '\\n');
  const server = require('node:net').createServer((socket) => socket.on('error', () => undefined).end('hello from the guest'));
  require('node:dgram').createSocket(host.includes(':') ? 'udp6' : 'udp4').on('message', (message) => say(String(message)))
    .bind(Number(port), host, () => server.listen(Number(port), host, () => say('listening')));
`;

/** A port of a guest on which somebody listens. */
export interface Ear extends Endpoint {
  /** The datagrams that arrived. */
  readonly heard: readonly string[];
  close(): void;
}

/** What becomes of a TCP connection from a namespace, or from the host itself (null): `connected`, `refused` or `silence`. */
export async function connectionFrom(namespace: string | null, { address, port }: Endpoint): Promise<string> {
  const program = [process.execPath, '-e', CONNECT, address, String(port)] as const;
  const [first, ...others] = namespace === null ? program : (['ip', 'netns', 'exec', namespace, ...program] as const);
  return (await runCommand(first, others)).trim();
}

/** Sends one datagram from a namespace and waits for no answer: that would go to the real owner of the sender's address. */
export async function datagramFrom(namespace: string, text: string, from: Endpoint, to: Endpoint): Promise<void> {
  const ends = [from.address, to.address, String(from.port), String(to.port)];
  await ip('netns', 'exec', namespace, process.execPath, '-e', SEND_DATAGRAM, text, ...ends);
}

/**
 * A guest without a machine: a network namespace behind a veth that has taken the place of the tap, so that the same
 * rules and the same bridge see its frames.
 */
export class FakeGuest {
  private constructor(
    private readonly namespace: string,
    private readonly tap: string,
    private readonly directory: string,
  ) {}

  /** Takes the tap's place. The driver mends what a new interface lacks when it is asked for the port again. */
  static async behind(tap: string, port: Port, namespace: string): Promise<FakeGuest> {
    await ip('netns', 'add', namespace);
    await ip('netns', 'exec', namespace, 'sh', '-c', HASTE);
    await ip('link', 'delete', 'dev', tap);
    await ip('link', 'add', 'name', tap, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    const guest = new FakeGuest(namespace, tap, await openDirectory('cairn-fake-guest-'));
    await guest.inside('ip', 'link', 'set', 'dev', 'lo', 'up');
    await guest.wear(port.nic.mac);
    return guest;
  }

  inside(program: string, ...args: readonly string[]): Promise<string> {
    return ip('netns', 'exec', this.namespace, program, ...args);
  }

  /** Changes the hardware address. Routes go with the link and have to be set again. */
  async wear(mac: string): Promise<void> {
    await this.inside('ip', 'link', 'set', 'dev', 'eth0', 'down');
    await this.inside('ip', 'link', 'set', 'dev', 'eth0', 'address', mac);
    await this.inside('ip', 'link', 'set', 'dev', 'eth0', 'up');
  }

  /** Asks DHCP for an address without taking it; null when nobody answers. */
  async lease(): Promise<Lease | null> {
    const script = join(this.directory, 'udhcpc.sh');
    // The client runs it in English and in order; `bound` comes with the lease.
    await writeFile(script, '#!/bin/sh\n[ "$1" = bound ] && env\nexit 0\n');
    await chmod(script, 0o755);
    const wanted = ['-O', 'mtu', '-O', 'hostname', '-O', 'domain', '-O', 'router', '-O', 'dns'];
    const asked = this.inside(
      'busybox',
      'udhcpc',
      '-f',
      '-n',
      '-q',
      '-t',
      '4',
      '-T',
      '1',
      ...wanted,
      '-i',
      'eth0',
      '-s',
      script,
    );
    const answer = await succeeded(asked);
    if (answer === null) return null;
    const pairs = answer
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    return Object.fromEntries(pairs) as Lease;
  }

  /** The IPv6 addresses that a DHCP server offers; null when nobody answers. */
  async leaseV6(): Promise<readonly string[] | null> {
    const offered = (await this.inside('python3', '-c', SOLICIT)).trim();
    return offered === '' ? null : offered.split(' ');
  }

  /** The IPv6 addresses of its card that it may use, as it has made them of what its router says. */
  async addressesV6(): Promise<readonly string[]> {
    const shown = await this.inside('ip', '-json', '-6', 'address', 'show', 'dev', 'eth0', '-tentative');
    const links = JSON.parse(shown) as readonly { readonly addr_info?: readonly { readonly local: string }[] }[];
    return links.flatMap(({ addr_info: all = [] }) => all.map(({ local }) => local));
  }

  /** Takes the port's address, without asking anybody. */
  async configure(address: string, prefix: number, gateway: string): Promise<void> {
    await this.inside('ip', 'address', 'replace', `${address}/${String(prefix)}`, 'dev', 'eth0');
    await this.inside('ip', 'route', 'replace', 'default', 'via', gateway);
  }

  async pings(address: string): Promise<boolean> {
    const program = address.includes(':') ? 'ping6' : 'ping';
    const out = address.startsWith('fe80:') ? ['-I', 'eth0'] : [];
    return (await succeeded(this.inside('busybox', program, '-c', '1', '-W', '1', ...out, address))) !== null;
  }

  sends(text: string, from: Endpoint, to: Endpoint): Promise<void> {
    return datagramFrom(this.namespace, text, from, to);
  }

  /** Sends a frame as it is, in hexadecimal, from the first octet of its receiver's address on; filled up to the least length. */
  async sendsFrame(...parts: readonly string[]): Promise<void> {
    const frame = parts.join('').replaceAll(':', '').padEnd(120, '0');
    await this.inside('python3', '-c', SEND_FRAME, frame);
  }

  /** Whether somebody answers an ARP request that claims to come from `claimed`. */
  async arpAnswered(claimed: string, target: string): Promise<boolean> {
    const args = ['arping', '-c', '2', '-w', '2', '-I', 'eth0', '-s', claimed, target];
    return (await succeeded(this.inside('busybox', ...args))) !== null;
  }

  connects(to: Endpoint): Promise<string> {
    return connectionFrom(this.namespace, to);
  }

  /** `answer`, or why there is none. */
  async resolvesAt(server: string): Promise<string> {
    return (await this.inside(process.execPath, '-e', RESOLVE, server)).trim();
  }

  /** Listens inside the guest, by UDP and TCP. */
  async listens({ address, port }: Endpoint): Promise<Ear> {
    const args = ['netns', 'exec', this.namespace, process.execPath, '-e', LISTEN, address, String(port)];
    const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject).once('exit', () => {
        reject(new Error('nobody listens in the guest'));
      });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        lines.push(...text.split('\n').filter((line) => line !== ''));
        resolve();
      });
    });
    return {
      address,
      port,
      get heard() {
        return lines.slice(1);
      },
      close: () => void child.kill(),
    };
  }

  get(url: string): Promise<string> {
    return this.inside('busybox', 'wget', '-q', '-O', '-', url);
  }

  async close(): Promise<void> {
    await succeeded(ip('link', 'delete', 'dev', this.tap));
    await succeeded(ip('netns', 'delete', this.namespace));
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function succeeded(answer: Promise<string>): Promise<string | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CommandFailed) return null;
    throw error;
  }
}
