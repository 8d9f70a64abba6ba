import { simulatedPorts } from './drivers/simulated';
import { HOST_ID, ensureJob, Lab, removeJob } from './testing/harness';
import { instanceOf } from './testing/specs';

describe('HostAgent', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });

  it('says at its start what the host has, with a new boot id each time', async () => {
    const one = await lab.started();
    const two = await lab.started();
    expect(one.bootId).not.toBe(two.bootId);
    expect(lab.events()).toMatchObject(
      [one, two].map(({ bootId }) => ({
        type: 'agent.started.v1',
        data: { hostId: HOST_ID, bootId, inventory: { vcpus: 8, hypervisorType: 'fake', virtType: 'simulated' } },
        metadata: { bootId, commandId: bootId },
      })),
    );
  });

  it('reports what nobody asked for, and leaves it alone', async () => {
    lab.host.define(instanceOf(9));
    const agent = await lab.started();
    await agent.handle(ensureJob(1));
    await lab.started();
    const drift = lab.events().filter(({ type }) => type === 'agent.drift-detected.v1');
    expect(drift.map(({ data }) => data['name'])).toEqual([instanceOf(9).domainName, instanceOf(9).domainName]);
    expect(new Set(drift.map(({ id }) => id)).size).toBe(2);
    expect(lab.host.domains.has(instanceOf(9).instanceId)).toBe(true);
  });

  it('waits for a hypervisor that is slower than itself', async () => {
    const size = { name: 's', vcpus: 1, ramMb: 1, diskGb: 1 };
    const { hypervisor } = simulatedPorts({ host: lab.host, size, clock: lab.clock });
    let tries = 0;
    const slow = new Proxy(hypervisor, {
      get: (target, name) => {
        if (name === 'inventory') {
          tries += 1;
          if (tries < 5) return () => Promise.reject(new Error('libvirt is not there'));
        }
        return (Reflect.get(target, name, target) as (...args: unknown[]) => unknown).bind(target);
      },
    });
    await lab.started({ hypervisor: slow });
    expect(tries).toBe(5);
    expect(lab.events()).toHaveLength(1);
  });

  it('answers questions about a console and about the host, and records nothing', async () => {
    const agent = await lab.started();
    await agent.handle(ensureJob(1));
    const before = lab.events().length;
    await agent.handle({
      kind: 'read-console',
      requestId: 'q1',
      resource: ensureJob(1).resource,
      payload: { lines: 1 },
    });
    await agent.handle({
      kind: 'read-console',
      requestId: 'q2',
      resource: ensureJob(2).resource,
      payload: { lines: null },
    });
    await agent.handle({ kind: 'read-uptime', requestId: 'q3', resource: ensureJob(1).resource, payload: {} });
    expect([lab.replies.get('q1'), lab.replies.get('q2')]).toEqual(['vm-1 login: \n', '']);
    expect(lab.replies.get('q3')).toMatch(/ up .*load average/);
    expect(lab.events()).toHaveLength(before);
  });

  it('lets the cache know which images are in use', async () => {
    const pruned: string[][] = [];
    const images = {
      ensure: ({ sha256 }: { sha256: string }) => Promise.resolve({ path: `/${sha256}`, cached: true }),
      prune: (inUse: ReadonlySet<string>) => {
        pruned.push([...inUse].sort());
        return Promise.resolve();
      },
    };
    const disks = {
      ensure: () => Promise.resolve({ root: '/r', others: [], kernel: null, ramdisk: null }),
      discard: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    };
    const agent = await lab.started({ images, disks });
    const job = ensureJob(1);
    const kernel = { ...job.payload.spec.image, sha256: 'k' };
    await agent.handle(ensureJob(1, 1, { kernel }));
    await agent.handle(removeJob(1, 2));
    expect(pruned).toEqual([[job.payload.spec.image.sha256, 'k'].sort(), []]);
  });
});
