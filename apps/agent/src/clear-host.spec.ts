import { clearHost } from './clear-host';
import { simulatedPorts } from './drivers/simulated';
import { silentLog } from './ports/log.port';
import { ensureJob, Lab } from './testing/harness';
import { instanceOf, networkOf, nicOf } from './testing/specs';

describe('clearHost', () => {
  it("ends its guests and networks, nobody else's, and the same guests come back from their disks", async () => {
    const lab = new Lab();
    const agent = await lab.started();
    const job = (n: number, generation: number) => ensureJob(n, generation, { nics: [nicOf(n, networkOf(1))] });
    await Promise.all([agent.handle(job(1, 1)), agent.handle(job(2, 1))]);
    const disks = [...lab.host.disks.keys()];
    lab.host.define(instanceOf(9));
    const size = { name: 's', vcpus: 1, ramMb: 1, diskGb: 1 };
    await clearHost(simulatedPorts({ host: lab.host, size, clock: lab.clock }), new Set(disks), silentLog);
    expect([...lab.host.domains.keys()]).toEqual([instanceOf(9).instanceId]);
    expect(lab.host.ports.size).toBe(0);
    expect([...lab.host.disks.keys()]).toEqual(disks);
    await (await lab.started()).handle(job(1, 2));
    expect(lab.host.domains.get(instanceOf(1).instanceId)?.running).toBe(true);
    expect(lab.host.violations).toEqual([]);
  });

  it('keeps the saved memory of a suspended guest', async () => {
    const lab = new Lab();
    const agent = await lab.started();
    const { instanceId } = instanceOf(1);
    await agent.handle(ensureJob(1, 1));
    await agent.handle(ensureJob(1, 2, { power: 'suspended' }));
    const size = { name: 's', vcpus: 1, ramMb: 1, diskGb: 1 };
    await clearHost(simulatedPorts({ host: lab.host, size, clock: lab.clock }), new Set([instanceId]), silentLog);
    expect(lab.host.domains.get(instanceId)?.saved).toBe(true);
    await (await lab.started()).handle(ensureJob(1, 3));
    expect(lab.host.domains.get(instanceId)).toMatchObject({ running: true, saved: false });
    expect(lab.host.violations).toEqual([]);
  });
});
