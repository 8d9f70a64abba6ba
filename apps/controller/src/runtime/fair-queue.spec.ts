import { FairQueue, type Turn } from './fair-queue';

/** A queue whose work ends when it is told to, and the names of what has begun and of what was refused. */
function lab(slots: number, waiting: number, waitingOfOne = waiting) {
  const queue = new FairQueue({ slots, waiting, waitingOfOne }, () => new Error('full'));
  const begun: string[] = [];
  const refused: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (name: string, turn: Turn): void => {
    const work = (): Promise<void> => {
      begun.push(name);
      return new Promise((resolve) => ends.push(resolve));
    };
    queue.run(turn, work).catch((error: unknown) => refused.push(`${name} ${(error as Error).message}`));
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const end = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      ends.shift()?.();
      await settle();
    }
  };
  return { ask, end, settle, begun, refused };
}

const from = (party: string, member = 'm'): Turn => ({ party, member });

describe('a fair queue', () => {
  it('runs so many at a time, the others in the order of their party', async () => {
    const { ask, end, begun } = lab(2, 10);
    for (const name of ['1', '2', '3', '4']) ask(name, from('a'));
    expect(begun).toEqual(['1', '2']);
    await end(2);
    expect(begun).toEqual(['1', '2', '3', '4']);
    await end(2);
    ask('5', from('a'));
    expect(begun).toHaveLength(5);
  });

  it('gives each party its turn, however much another asks for', async () => {
    const { ask, end, begun } = lab(1, 1000);
    for (let i = 0; i < 200; i += 1) ask(`bad${String(i)}`, from('attacker', String(i % 7)));
    ask('good', from('honest'));
    await end(2);
    expect(begun).toContain('good');
  });

  it('gives each member of a party its turn', async () => {
    const { ask, end, begun } = lab(1, 1000);
    for (let i = 0; i < 200; i += 1) ask(`bad${String(i)}`, from('office', 'guessed'));
    ask('good', from('office', 'other'));
    await end(2);
    expect(begun).toContain('good');
  });

  it('refuses those who ask most when too much waits', async () => {
    const { ask, end, settle, begun, refused } = lab(1, 3);
    for (const name of ['run', 'w1', 'w2', 'w3', 'w4']) ask(name, from('attacker'));
    ask('good', from('honest'));
    await settle();
    expect(refused).toEqual(['w4 full', 'w3 full']);
    await end(4);
    expect(begun).toEqual(['run', 'w1', 'good', 'w2']);
  });

  it('lets one member wait only so often', async () => {
    const { ask, settle, refused } = lab(1, 10, 1);
    for (const name of ['run', 'w1', 'w2']) ask(name, from('a', 'x'));
    ask('other', from('a', 'y'));
    await settle();
    expect(refused).toEqual(['w2 full']);
  });

  it('goes on after work that fails', async () => {
    const queue = new FairQueue({ slots: 1, waiting: 1, waitingOfOne: 1 }, () => new Error('full'));
    const failing = queue.run(from('a'), () => Promise.reject(new Error('broken')));
    const next = queue.run(from('a'), () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('done');
  });
});
