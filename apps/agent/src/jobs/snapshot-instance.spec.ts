import type { SentImage } from '../ports/controller.port';
import { Retryable } from '../ports/errors';
import type { DiskCopy } from '../ports/hypervisor.port';
import { ensureJob, Lab, snapshotJob } from '../testing/harness';

/** A host whose controller answers so, a try of the job there, and how often the copy of a disk was taken away. */
async function hostWhose(
  answer: () => Promise<SentImage>,
  wanted = true,
): Promise<{ lab: Lab; snapshot: () => Promise<void>; discarded: () => number }> {
  const lab = new Lab();
  let discarded = 0;
  const { hypervisor } = lab.ports();
  const copy: DiskCopy = {
    sizeBytes: 1,
    bytes: async function* () {
      await Promise.resolve();
      yield Buffer.alloc(1);
    },
    discard: () => {
      discarded += 1;
      return Promise.resolve();
    },
  };
  hypervisor.copyRoot = () => Promise.resolve(copy);
  lab.controller.announceImage = () => Promise.resolve(wanted);
  lab.controller.sendImage = answer;
  const agent = await lab.started({ hypervisor });
  await agent.handle(ensureJob(1));
  return { lab, snapshot: () => agent.handle(snapshotJob(1, 2)), discarded: () => discarded };
}

describe('the image of a disk', () => {
  it.each([
    ['is gone', 'gone' as const, 'image.gone', 'was deleted before it had its data'],
    ['is refused', { refused: 'Too large.' }, 'image.refused', 'Too large.'],
  ])('that %s fails permanently, with a reason, and leaves no copy', async (_how, answer, code, message) => {
    const { lab, snapshot, discarded } = await hostWhose(() => Promise.resolve(answer));
    await snapshot();
    expect(lab.results(snapshotJob(1, 2))).toMatchObject([
      {
        type: 'agent.job-failed.v2',
        data: { code, permanent: true, message: expect.stringContaining(message) as string },
      },
    ]);
    expect(discarded()).toBe(1);
  });

  it('that nobody wants any more is not copied', async () => {
    const { lab, snapshot, discarded } = await hostWhose(() => Promise.reject(new Error('never asked')), false);
    await snapshot();
    expect(lab.results(snapshotJob(1, 2))).toMatchObject([{ data: { code: 'image.gone' } }]);
    expect(discarded()).toBe(0);
  });

  it('is sent again from the same copy when the controller was away', async () => {
    let tries = 0;
    const { lab, snapshot, discarded } = await hostWhose(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Retryable('away')) : Promise.resolve('kept' as const);
    });
    await expect(snapshot()).rejects.toThrow('away');
    await snapshot();
    expect([tries, discarded()]).toEqual([2, 0]);
    expect(lab.results(snapshotJob(1, 2))).toMatchObject([{ type: 'agent.job-succeeded.v2' }]);
  });

  it.each([
    ['running', ['stopped', 'copied', 'stopped']],
    ['paused', ['copied', 'stopped']],
  ] as const)(
    'of a guest that is to be off holds all that it wrote, and keeps its memory: %s',
    async (power, order) => {
      const lab = new Lab();
      const { hypervisor } = lab.ports();
      const agent = await lab.started({ hypervisor });
      const before = ensureJob(1);
      await agent.handle({ ...before, payload: { spec: { ...before.payload.spec, power } } });
      const seen: string[] = [];
      const ensure = hypervisor.ensure.bind(hypervisor);
      const copyRoot = hypervisor.copyRoot.bind(hypervisor);
      hypervisor.ensure = async (domain) => {
        const now = await ensure(domain);
        seen.push(now);
        return now;
      };
      hypervisor.copyRoot = (domain, name) => {
        seen.push('copied');
        return copyRoot(domain, name);
      };
      lab.controller.announceImage = () => Promise.resolve(true);
      lab.controller.sendImage = () => Promise.resolve('kept');
      const job = snapshotJob(1, 2);
      await agent.handle({ ...job, payload: { ...job.payload, spec: { ...job.payload.spec, power: 'stopped' } } });
      expect(seen).toEqual(order);
    },
  );
});
