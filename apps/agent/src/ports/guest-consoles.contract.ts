import type { Duplex } from 'node:stream';

import { eventually } from '../testing/eventually';

import { type GuestConsoles, NoConsole } from './guest-consoles.port';
import type { HypervisorHarness } from './hypervisor.contract';
import type { DomainSpec } from './hypervisor.port';

export interface ConsolesHarness extends HypervisorHarness {
  readonly consoles: GuestConsoles;
  /** What a guest writes to its serial port when it boots. */
  readonly prints: RegExp;
  /** Whether it answers to a line within the time of a test. */
  readonly echoes: boolean;
}

/** Reads a stream piece by piece. */
export class Bytes {
  private got = Buffer.alloc(0);
  /** When the stream has closed, by an error too. */
  readonly ended: Promise<void>;

  constructor(readonly stream: Duplex) {
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.got = Buffer.concat([this.got, chunk]);
    });
    this.ended = new Promise((resolve) => stream.once('close', resolve));
  }

  get text(): string {
    return this.got.toString('latin1');
  }

  /** The next so many bytes. */
  async take(count: number): Promise<Buffer> {
    await eventually(`${String(count)} bytes`, () => (this.got.length >= count ? true : undefined), {
      withinMs: 10_000,
    });
    const taken = this.got.subarray(0, count);
    this.got = this.got.subarray(count);
    return taken;
  }
}

/** Takes the steps of an RFB client until the server tells of its screen. @returns width, height and name of that. */
export async function greetScreen(console: Bytes): Promise<{ width: number; height: number; name: string }> {
  const { stream } = console;
  expect((await console.take(12)).toString('latin1')).toBe('RFB 003.008\n');
  stream.write('RFB 003.008\n');
  const [count = 0] = await console.take(1);
  expect([...(await console.take(count))]).toContain(1); // no authentication: that is the proxy's
  stream.write(Buffer.from([1]));
  expect((await console.take(4)).readUInt32BE()).toBe(0);
  stream.write(Buffer.from([1])); // shared
  const init = await console.take(24);
  const name = (await console.take(init.readUInt32BE(20))).toString('latin1');
  return { width: init.readUInt16BE(0), height: init.readUInt16BE(2), name };
}

/** All `GuestConsoles` keep this. One harness per test. */
export function guestConsolesContract(name: string, make: () => Promise<ConsolesHarness>): void {
  describe(`${name} keeps the GuestConsoles contract`, () => {
    let harness: ConsolesHarness;
    const open = new Set<Duplex>();
    beforeEach(async () => {
      harness = await make();
    });
    afterEach(async () => {
      for (const stream of open) stream.destroy();
      open.clear();
      await harness.close();
    });

    const opened = async ({ spec }: DomainSpec, kind: 'vnc' | 'serial'): Promise<Bytes> => {
      const stream = await harness.consoles.open(spec.instanceId, kind);
      open.add(stream);
      return new Bytes(stream);
    };
    const powered = (domain: DomainSpec, power: DomainSpec['spec']['power']): DomainSpec => ({
      ...domain,
      spec: { ...domain.spec, power },
    });

    it('shows the screen of a guest, to several at a time', async () => {
      const domain = await harness.domain(1);
      await harness.hypervisor.ensure(domain);
      const screens = [await opened(domain, 'vnc'), await opened(domain, 'vnc')];
      for (const screen of screens) {
        const { width, height, name: title } = await greetScreen(screen);
        expect([width > 0, height > 0, title !== '']).toEqual([true, true, true]);
        screen.stream.write(Buffer.from([3, 0, 0, 0, 0, 0, 0, 1, 0, 1]));
        expect((await screen.take(4)).readUInt16BE(2)).toBeGreaterThan(0); // rectangles
      }
    });

    it('carries the serial port both ways, and ends its stream when another is opened', async () => {
      const domain = await harness.domain(1);
      await harness.hypervisor.ensure(powered(domain, 'paused'));
      const first = await opened(domain, 'serial');
      const second = await opened(domain, 'serial');
      await first.ended;
      await harness.hypervisor.ensure(domain);
      const within = { withinMs: harness.bootWithinMs, everyMs: 100 };
      await eventually('the guest prints', () => (harness.prints.test(second.text) ? true : undefined), within);
      second.stream.write('somebody\n');
      if (harness.echoes)
        await eventually('the guest answers', () => (second.text.includes('somebody') ? true : undefined), within);
      expect(await harness.hypervisor.readConsole(domain.spec.instanceId, null)).toMatch(harness.prints);
    });

    it.each(['vnc', 'serial'] as const)('ends the %s of a guest that ends', async (kind) => {
      const domain = await harness.domain(1);
      await harness.hypervisor.ensure(domain);
      const console = await opened(domain, kind);
      await harness.kill(domain.spec.instanceId);
      await console.ended;
      expect(console.stream.destroyed).toBe(true);
    });

    it('has none of a guest that does not run, nor of one that it does not know', async () => {
      const domain = await harness.domain(1);
      await expect(opened(domain, 'vnc')).rejects.toThrow(NoConsole);
      await harness.hypervisor.ensure(powered(domain, 'stopped'));
      for (const kind of ['vnc', 'serial'] as const) await expect(opened(domain, kind)).rejects.toThrow(NoConsole);
    });
  });
}
