import { createInterface } from 'node:readline';

import type { Port } from '../../ports/host-network.port';
import { messageOf } from '../../unknown-error';
import { runCommand } from '../host-command';
import { LinuxHostNetwork } from '../linux-network/linux-host-network';

import { droppedFor } from './dropped';
import { FakeGuest } from './fake-guest';
import { openDirectory } from './host-lab';
import { ANSWER, type HostAsked } from './uml-asked';

/** What runs inside a host in User Mode Linux: the driver that agents have, and guests without machines. */

const guests = new Map<string, FakeGuest>();
const guest = (name: string): FakeGuest => {
  const found = guests.get(name);
  if (found === undefined) throw new Error(`no guest ${name}`);
  return found;
};

const answers = (network: LinuxHostNetwork): HostAsked => ({
  async plug(port: Port) {
    const { tap } = await network.ensurePort(port);
    const one = await FakeGuest.behind(tap, port, port.hostname);
    guests.set(port.hostname, one);
    await network.ensurePort(port); // the guest's interface has taken the place of the tap
    const lease = await one.lease();
    await one.configure(port.nic.address, 24, port.nic.network.gateway);
    return lease?.['ip'] ?? null;
  },
  async unplug({ instanceId, hostname }: Port) {
    await guest(hostname).close();
    guests.delete(hostname);
    await network.removePorts(instanceId);
  },
  refused: (port) =>
    network.ensurePort(port).then(
      () => null,
      (error: unknown) => messageOf(error),
    ),
  pings: (name, address) => guest(name).pings(address),
  sendsFrame: (name, frame) => guest(name).sendsFrame(frame),
  dropped: (why) => droppedFor(why, 'cairn'),
  run: (program, ...args) => runCommand(program, args),
  wrong: async () => (await network.inspect()).filter(({ verdict }) => verdict === 'wrong').map(({ says }) => says),
  mend: () => network.mend(),
});

async function main(): Promise<void> {
  const network = new LinuxHostNetwork({ directory: await openDirectory('network-'), filters: false });
  const known: Readonly<Record<string, (...values: never[]) => unknown>> = { ...answers(network) };
  const say = (value: object): void => void process.stdout.write(`${ANSWER}${JSON.stringify(value)}\n`);
  say({ id: 0, value: 'ready' });
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, verb, values } = JSON.parse(line) as { id: number; verb: string; values: never[] };
    try {
      say({ id, value: (await known[verb]?.(...values)) ?? null });
    } catch (error) {
      say({ id, failure: messageOf(error) });
    }
  }
}

void main();
