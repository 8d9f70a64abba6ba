import { eventually } from '../testing/eventually';

import { CommandFailed } from './host-command';
import { argumentsOf, pidsWithArgument } from './process-table';
import { Standby } from './standby';

/** A program that nobody else runs: a shell that copies its input, and can be found by this argument. */
const standbyOf = (mark: string, spares: number, script = 'cat'): Standby =>
  new Standby({ program: 'sh', args: ['-c', script, mark], environment: { MARK: mark }, spares });

const markOf = (name: string): string => `cairn-standby-${name}-${String(process.pid)}`;

async function waiting(mark: string, many: number): Promise<readonly number[]> {
  return eventually(`${String(many)} of ${mark} wait`, async () => {
    const pids = await pidsWithArgument(mark);
    return pids.length === many ? pids : undefined;
  });
}

describe('programs that are started before they are needed', () => {
  let standby: Standby;
  afterEach(() => {
    standby.dismiss();
  });

  it('answer with what they make of the input, ready or not', async () => {
    const mark = markOf('answer');
    standby = standbyOf(mark, 1, 'cat; echo "$MARK"');
    expect(await standby.run('at once\n')).toBe(`at once\n${mark}\n`);
    const [pid] = await waiting(mark, 1);
    expect(await standby.run('later\n')).toBe(`later\n${mark}\n`);
    expect(await argumentsOf(pid ?? 0)).toBeNull();
  });

  it('are as many as asked for, again after they were used', async () => {
    const mark = markOf('many');
    standby = standbyOf(mark, 2);
    const first = await waiting(mark, 2);
    await Promise.all(['a', 'b', 'c'].map((input) => standby.run(input)));
    const second = await waiting(mark, 2);
    expect(second.some((pid) => first.includes(pid))).toBe(false);
  });

  it('are not used once they have ended by another hand', async () => {
    const mark = markOf('ended');
    standby = standbyOf(mark, 1);
    const [pid] = await waiting(mark, 1);
    process.kill(pid ?? 0, 'SIGKILL');
    await waiting(mark, 0);
    expect(await standby.run('still')).toBe('still');
  });

  it('end without input when they are dismissed, and are not replaced', async () => {
    const mark = markOf('dismissed');
    standby = standbyOf(mark, 1);
    await waiting(mark, 1);
    standby.dismiss();
    await waiting(mark, 0);
    expect(await standby.run('x')).toBe('x');
    expect(await pidsWithArgument(mark)).toEqual([]);
  });

  it('say what was wrong, also those that cannot be started', async () => {
    standby = standbyOf(markOf('wrong'), 1, 'cat; echo broken >&2; exit 3');
    const refused = standby.run('');
    await expect(refused).rejects.toThrow(CommandFailed);
    await expect(refused).rejects.toMatchObject({ program: 'sh', stderr: 'broken' });
    const absent = new Standby({ program: 'cairn-no-such-program', args: [], spares: 1 });
    await expect(absent.run('')).rejects.toThrow(/ENOENT/);
    absent.dismiss();
  });
});
