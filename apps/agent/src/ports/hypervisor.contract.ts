import { type Hardware, lackingOf } from '@cairn/domain';
import type { InstanceSpec, NicSpec } from '@cairn/host-protocol';

import { eventually } from '../testing/eventually';

import { faultOfQcow2, readQcow2Header } from '../disks/image-header';

import { hypervisorGuestsContract } from './hypervisor-guests.contract';
import type { DiskCopy, DomainChange, DomainSpec, DomainState, Hypervisor, PluggedNic } from './hypervisor.port';

/** What a driver's author gives the suite: the driver on a host without Cairn's domains, and the world around it. */
export interface HypervisorHarness {
  readonly hypervisor: Hypervisor;
  /** Desired state of the n-th guest (from 1), with disks that boot here and without NICs unless the driver wants them. */
  domain(n: number, over?: Partial<InstanceSpec>): Promise<DomainSpec>;
  /** The NIC of a guest, with a tap of its own on this host. */
  plug(domain: DomainSpec, n: number): Promise<{ readonly nic: NicSpec; readonly plugged: PluggedNic }>;
  /** Ends the guest as a power failure would, behind the driver's back. */
  kill(instanceId: string): Promise<void>;
  /** How long a guest may take until its console shows its first line. */
  readonly bootWithinMs: number;
  /** Takes away all that the test made. */
  close(): Promise<void>;
}

/** Every `Hypervisor` keeps this. One harness per test. */
export function hypervisorContract(name: string, make: () => Promise<HypervisorHarness>): void {
  hypervisorGuestsContract(name, make);
  describe(`${name} keeps the Hypervisor contract`, () => {
    let harness: HypervisorHarness;
    let hypervisor: Hypervisor;
    beforeEach(async () => {
      harness = await make();
      hypervisor = harness.hypervisor;
    });
    afterEach(() => harness.close());

    const stateOf = async ({ spec }: DomainSpec): Promise<DomainState | undefined> =>
      (await hypervisor.list()).find((state) => state.instanceId === spec.instanceId);

    /** The console of a guest that has begun to boot. */
    const booted = (instanceId: string): Promise<string> =>
      eventually(
        'the console has lines',
        async () => {
          const text = await hypervisor.readConsole(instanceId, null);
          return text.trimEnd().split('\n').length > 2 ? text : undefined;
        },
        { withinMs: harness.bootWithinMs, everyMs: 100 },
      );

    it('tells what the host has, the same each time', async () => {
      const inventory = await hypervisor.inventory();
      expect(Math.min(inventory.vcpus, inventory.ramMb, inventory.diskGb)).toBeGreaterThan(0);
      expect(inventory.hypervisorVersion).toBeGreaterThan(0);
      expect(inventory.cpu.arch).not.toBe('');
      expect(await hypervisor.inventory()).toEqual(inventory);
    });

    it('starts a guest once, however often it is asked', async () => {
      const domain = await harness.domain(1);
      expect(await hypervisor.ensure(domain)).toBe('running');
      const first = await hypervisor.incarnation(domain.spec.instanceId);
      expect(await hypervisor.ensure(domain)).toBe('running');
      expect(first).not.toBeNull();
      expect(await hypervisor.incarnation(domain.spec.instanceId)).toBe(first);
      const { instanceId, domainName } = domain.spec;
      expect((await hypervisor.list()).filter((state) => state.instanceId === instanceId)).toEqual([
        { instanceId, name: domainName, power: 'running' },
      ]);
    });

    it('defines a guest that should be stopped without starting it', async () => {
      const domain = await harness.domain(1, { power: 'stopped' });
      expect(await hypervisor.ensure(domain)).toBe('stopped');
      expect(await stateOf(domain)).toMatchObject({ power: 'stopped' });
      expect(await hypervisor.incarnation(domain.spec.instanceId)).toBeNull();
    });

    it('makes the machine that a guest asks for, of what it says that it can make', async () => {
      const { capabilities } = await hypervisor.inventory();
      const hardware: Hardware = {
        machineType: 'q35',
        nicModel: 'e1000',
        cpuTopology: { sockets: 1, cores: 1, threads: 1 },
        watchdog: 'reset',
        guestAgent: true,
        serialPorts: 2,
        inputBus: 'usb',
        video: { model: 'vga', ramMb: 8 },
        rng: 'none',
        hpet: false,
        diskLimits: { totalIops: 1_000 },
      };
      expect(lackingOf(hardware, capabilities)).toEqual([]);
      const domain = await harness.domain(1, { power: 'stopped', hardware });
      for (const _repeat of [1, 2]) expect(await hypervisor.ensure(domain)).toBe('stopped');
      const { hardware: _special, ...usual } = domain.spec;
      expect(await hypervisor.ensure({ ...domain, spec: { ...usual, power: 'running' } })).toBe('running');
    });

    it('stops a running guest and starts it again', async () => {
      const running = await harness.domain(1);
      const stopped: DomainSpec = { ...running, spec: { ...running.spec, power: 'stopped' } };
      await hypervisor.ensure(running);
      expect(await hypervisor.ensure(stopped)).toBe('stopped');
      expect(await hypervisor.ensure(stopped)).toBe('stopped');
      expect(await stateOf(running)).toMatchObject({ power: 'stopped' });
      expect(await hypervisor.ensure(running)).toBe('running');
      expect(await stateOf(running)).toMatchObject({ power: 'running' });
    });

    it('holds a guest in memory and lets it go on, in the same incarnation', async () => {
      const running = await harness.domain(1);
      const paused: DomainSpec = { ...running, spec: { ...running.spec, power: 'paused' } };
      await hypervisor.ensure(running);
      const before = await hypervisor.incarnation(running.spec.instanceId);
      for (const _repeat of [1, 2]) expect(await hypervisor.ensure(paused)).toBe('paused');
      expect(await stateOf(running)).toMatchObject({ power: 'paused' });
      expect(await hypervisor.ensure(running)).toBe('running');
      expect(await stateOf(running)).toMatchObject({ power: 'running' });
      expect(await hypervisor.incarnation(running.spec.instanceId)).toBe(before);
    });

    it('starts a paused guest that died by itself, and holds it before it boots', async () => {
      const domain = await harness.domain(1, { power: 'paused' });
      expect(await hypervisor.ensure(domain)).toBe('paused');
      await harness.kill(domain.spec.instanceId);
      expect(await hypervisor.ensure(domain)).toBe('paused');
      expect(await stateOf(domain)).toMatchObject({ power: 'paused' });
      expect(await hypervisor.readConsole(domain.spec.instanceId, null)).toBe('');
    });

    it('saves the memory of a guest and goes on with it, without another boot', async () => {
      const running = await harness.domain(1);
      const suspended: DomainSpec = { ...running, spec: { ...running.spec, power: 'suspended' } };
      const { instanceId } = running.spec;
      await hypervisor.ensure(running);
      const console = await booted(instanceId);
      for (const _repeat of [1, 2]) expect(await hypervisor.ensure(suspended)).toBe('suspended');
      expect(await stateOf(running)).toMatchObject({ power: 'suspended' });
      expect(await hypervisor.incarnation(instanceId)).toBeNull();
      expect(await hypervisor.ensure(running)).toBe('running');
      expect(await stateOf(running)).toMatchObject({ power: 'running' });
      const firstLine = console.split('\n', 1)[0] ?? '';
      expect((await hypervisor.readConsole(instanceId, null)).split(firstLine)).toHaveLength(2);
    });

    it('forgets the saved memory of a guest that is stopped', async () => {
      const domain = await harness.domain(1, { power: 'running' });
      await hypervisor.ensure(domain);
      await hypervisor.ensure({ ...domain, spec: { ...domain.spec, power: 'suspended' } });
      expect(await hypervisor.ensure({ ...domain, spec: { ...domain.spec, power: 'stopped' } })).toBe('stopped');
      expect(await stateOf(domain)).toMatchObject({ power: 'stopped' });
    });

    it('ends a paused guest that should be stopped', async () => {
      const domain = await harness.domain(1, { power: 'paused' });
      await hypervisor.ensure(domain);
      expect(await hypervisor.ensure({ ...domain, spec: { ...domain.spec, power: 'stopped' } })).toBe('stopped');
      expect(await stateOf(domain)).toMatchObject({ power: 'stopped' });
      expect(await hypervisor.incarnation(domain.spec.instanceId)).toBeNull();
    });

    it('starts a guest again that died by itself', async () => {
      const domain = await harness.domain(1);
      await hypervisor.ensure(domain);
      await harness.kill(domain.spec.instanceId);
      await eventually('the guest is seen as stopped', async () => {
        const state = await stateOf(domain);
        return state?.power === 'running' ? undefined : true;
      });
      expect(await hypervisor.ensure(domain)).toBe('running');
      expect(await stateOf(domain)).toMatchObject({ power: 'running' });
    });

    it.each(['soft', 'hard'] as const)('ends a %s reboot with the guest running', async (type) => {
      const domain = await harness.domain(1);
      await hypervisor.ensure(domain);
      const before = await hypervisor.incarnation(domain.spec.instanceId);
      expect(await hypervisor.reboot(domain, type)).toBe('running');
      expect(await stateOf(domain)).toMatchObject({ power: 'running' });
      const after = await hypervisor.incarnation(domain.spec.instanceId);
      expect(after).not.toBeNull();
      expect(after).not.toBe(before);
    });

    it('re-creates by a hard reboot what is missing', async () => {
      const domain = await harness.domain(1);
      expect(await hypervisor.reboot(domain, 'hard')).toBe('running');
      expect(await stateOf(domain)).toMatchObject({ power: 'running' });
    });

    it('removes a running guest, and removing it again changes nothing', async () => {
      const domain = await harness.domain(1);
      await hypervisor.ensure(domain);
      await hypervisor.remove(domain.spec.instanceId);
      expect(await stateOf(domain)).toBeUndefined();
      await expect(hypervisor.remove(domain.spec.instanceId)).resolves.toBeUndefined();
      expect(await hypervisor.incarnation(domain.spec.instanceId)).toBeNull();
      expect(await hypervisor.powerOf(domain.spec.instanceId)).toBe('absent');
    });

    it('removes a stopped guest', async () => {
      const domain = await harness.domain(1, { power: 'stopped' });
      await hypervisor.ensure(domain);
      await hypervisor.remove(domain.spec.instanceId);
      expect(await stateOf(domain)).toBeUndefined();
    });

    it('tells of a guest that ends by itself, and ends when nobody listens any more', async () => {
      const domain = await harness.domain(1);
      const { instanceId, domainName } = domain.spec;
      await hypervisor.ensure(domain);
      const closed = new AbortController();
      const told: DomainChange[] = [];
      const listening = (async (): Promise<void> => {
        for await (const change of hypervisor.changes(closed.signal)) told.push(change);
      })();
      const mine = (): DomainChange | undefined => told.find(({ name }) => name === domainName);
      // again until it is told: the hypervisor may take a moment to listen
      for (let tries = 0; tries < 5 && mine() === undefined; tries += 1) {
        await hypervisor.ensure(domain);
        await harness.kill(instanceId);
        await eventually('it is told', mine, { withinMs: 2_000 }).catch(() => undefined);
      }
      expect(mine()?.cause).toMatch(/^\S.*\.$/);
      closed.abort();
      await listening;
      expect(await stateOf(domain)).toMatchObject({ power: 'stopped' });
    });

    const contentOf = async (copy: DiskCopy): Promise<Buffer> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of copy.bytes()) chunks.push(chunk);
      return Buffer.concat(chunks);
    };

    it.each(['running', 'paused', 'suspended', 'stopped'] as const)(
      'copies the root disk of a guest that is %s, which stays as it is',
      async (power) => {
        const domain = await harness.domain(1);
        const [{ instanceId }, asked] = [domain.spec, { ...domain, spec: { ...domain.spec, power } }];
        if (power === 'suspended') await hypervisor.ensure(domain);
        await hypervisor.ensure(asked);
        const before = await hypervisor.incarnation(instanceId);
        const copy = await hypervisor.copyRoot(asked, 'one');
        const content = await contentOf(copy);
        expect(content.byteLength).toBe(copy.sizeBytes);
        const header = readQcow2Header(content);
        expect(header).toMatchObject({ hasBackingFile: false, hasDataFile: false });
        expect(faultOfQcow2(header)).toBeNull();
        expect(await hypervisor.incarnation(instanceId)).toBe(before);
        expect([(await stateOf(domain))?.power, await hypervisor.powerOf(instanceId)]).toEqual([power, power]);
        const again = await contentOf(await hypervisor.copyRoot(asked, 'one'));
        expect(again.equals(content)).toBe(true);
        await copy.discard();
        await copy.discard();
        expect(await hypervisor.ensure(asked)).toBe(power);
      },
    );

    it('keeps guests apart, also when they start at the same time', async () => {
      const [one, two] = await Promise.all([harness.domain(1), harness.domain(2)]);
      await Promise.all([hypervisor.ensure(one), hypervisor.ensure(two)]);
      await hypervisor.remove(one.spec.instanceId);
      expect(await stateOf(one)).toBeUndefined();
      expect(await stateOf(two)).toMatchObject({ power: 'running' });
    });

    it('says how long its machine has been up', async () => {
      expect(await hypervisor.uptime()).toMatch(/ up .+,\s+\d+ users?,\s+load average: /);
    });

    it('answers an empty console for a guest that it does not know', async () => {
      const { spec } = await harness.domain(1);
      expect(await hypervisor.readConsole(spec.instanceId, null)).toBe('');
    });

    it('reads the console, whole or its last lines, and keeps it over a reboot', async () => {
      const domain = await harness.domain(1);
      const { instanceId } = domain.spec;
      await hypervisor.ensure(domain);
      const before = await booted(instanceId);
      const firstLine = before.split('\n', 1)[0] ?? '';
      expect((await hypervisor.readConsole(instanceId, 1)).trimEnd().split('\n')).toHaveLength(1);
      await hypervisor.reboot(domain, 'hard');
      expect((await hypervisor.readConsole(instanceId, null)).startsWith(firstLine)).toBe(true);
    });
  });
}
