import { JobFailure } from './errors';
import { eventually } from '../testing/eventually';
import type { HypervisorHarness } from './hypervisor.contract';
import type { DomainSpec, Hypervisor } from './hypervisor.port';

/** What every `Hypervisor` does with the inside of guests, and tells of them. One harness per test. */
export function hypervisorGuestsContract(name: string, make: () => Promise<HypervisorHarness>): void {
  describe(`${name} keeps the part of the Hypervisor contract that is about the inside of guests`, () => {
    let harness: HypervisorHarness;
    let hypervisor: Hypervisor;
    beforeEach(async () => {
      harness = await make();
      hypervisor = harness.hypervisor;
    });
    afterEach(() => harness.close());

    it('interrupts a guest in memory, which goes on in the same incarnation, and no other', async () => {
      const domain = await harness.domain(1);
      const { instanceId } = domain.spec;
      await expect(hypervisor.injectNmi(instanceId)).rejects.toThrow(JobFailure);
      await hypervisor.ensure(domain);
      const before = await hypervisor.incarnation(instanceId);
      expect(await hypervisor.injectNmi(instanceId)).toBe('running');
      expect(await hypervisor.incarnation(instanceId)).toBe(before);
      await harness.kill(instanceId);
      await expect(hypervisor.injectNmi(instanceId)).rejects.toThrow(JobFailure);
    });

    it('counts what a guest that runs has and uses; of any other it tells the power alone', async () => {
      const domain = await harness.domain(1);
      const { instanceId, ramMb, vcpus } = domain.spec;
      expect(await hypervisor.diagnostics(instanceId)).toMatchObject({
        power: 'absent',
        cpus: [],
        disks: [],
        nics: [],
      });
      await hypervisor.ensure(domain);
      const found = await hypervisor.diagnostics(instanceId);
      expect([found.power, found.memoryMaxKb, found.cpus.length]).toEqual(['running', ramMb * 1024, vcpus]);
      expect(found.disks.map(({ device }) => device)).toContain('vda');
      await hypervisor.ensure({ ...domain, spec: { ...domain.spec, power: 'paused' } });
      expect(await hypervisor.diagnostics(instanceId)).toMatchObject({ power: 'paused', cpus: [] });
    });

    it('gives a guest NICs while it is in memory and takes them away, in the same incarnation', async () => {
      const domain = await harness.domain(1);
      const { instanceId } = domain.spec;
      const taps = [await harness.plug(domain, 1), await harness.plug(domain, 2)];
      const having = (...which: readonly number[]): DomainSpec => {
        const chosen = taps.filter((_, i) => which.includes(i));
        return {
          ...domain,
          spec: { ...domain.spec, nics: chosen.map(({ nic }) => nic) },
          nics: chosen.map(({ plugged }) => plugged),
        };
      };
      const macs = async (): Promise<readonly string[]> =>
        (await hypervisor.diagnostics(instanceId)).nics.map(({ mac }) => mac);
      await hypervisor.ensure(domain);
      await eventually(
        'the guest listens',
        async () => ((await hypervisor.readConsole(instanceId, null)).includes('login:') ? true : undefined),
        { withinMs: harness.bootWithinMs, everyMs: 200 },
      );
      const before = await hypervisor.incarnation(instanceId);
      for (const _repeat of [1, 2]) await hypervisor.ensure(having(0, 1));
      expect(await macs()).toEqual(taps.map(({ nic }) => nic.mac));
      await hypervisor.ensure(having(1));
      expect(await macs()).toEqual([taps[1]?.nic.mac]);
      expect(await hypervisor.incarnation(instanceId)).toBe(before);
      await hypervisor.reboot(having(0), 'hard');
      expect(await macs()).toEqual([taps[0]?.nic.mac]);
    });

    it('sets no password and freezes nothing where no agent answers', async () => {
      const domain = await harness.domain(1);
      const { instanceId } = domain.spec;
      await hypervisor.ensure(domain);
      await expect(hypervisor.setPassword(instanceId, 'root', 'pa55 word')).rejects.toMatchObject({
        code: 'guest.silent',
        message: expect.not.stringContaining('pa55') as string,
      });
      await expect(hypervisor.copyRoot(domain, 'one', 'require')).rejects.toMatchObject({ code: 'guest.not-quiesced' });
      const copy = await hypervisor.copyRoot(domain, 'one', 'try');
      expect(copy.quiesced).toBe(false);
      await copy.discard();
    });
  });
}
