import { ControllerLab, HOST, INSTANCE } from '../runtime/testing/controller-lab';
import { launchOf } from '../runtime/testing/fixtures';
import { owed, type Owing } from './stuck';

const owing = async (lab: ControllerLab, index = lab.index.load()): Promise<readonly Owing[]> => {
  const all: Owing[] = [];
  for await (const one of owed(lab.store, await index)) all.push(one);
  return all;
};

describe('the list of what streams owe', () => {
  it('has work that is being tried for the first time and is not in the index yet', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
    const [launch, ...others] = await owing(lab);
    expect(launch).toMatchObject({ stream: `instance-${INSTANCE.id}`, effects: [{ kind: 'place' }], entry: undefined });
    expect(others).toEqual([]);
  });

  it('says of work that was put off when it is tried again, and why', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    lab.queueError = new Error('the queue is away');
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
    await lab.follow();
    await lab.runner.save(await lab.store.head());
    const [launch] = await owing(lab);
    expect(launch?.effects).toMatchObject([{ kind: 'job', hostId: HOST.id }]);
    expect(launch?.entry).toMatchObject({ attempts: 1, lastError: 'the queue is away' });
  });

  it('has nothing of what the log says is done, whatever the index still says', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    const stream = `host-${HOST.id}`;
    const entry = { stream, revision: '0', nextDueAt: '2026-01-01T00:00:00.000Z', attempts: 9, lastError: 'old' };
    const index = Promise.resolve({ checkpoint: undefined, entries: [entry] });
    expect(await owing(lab, index)).toEqual([]);
  });
});
