import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** Grows by 100 MB, lets go of it, and tells after a second of rest how many MB V8 holds. */
const PROGRAM = `
  let kept = Array.from({ length: 400_000 }, (_, index) => ({ text: 'x'.repeat(200) + index, index }));
  setTimeout(() => { kept = undefined; }, 50);
  setTimeout(() => console.log(Math.round(process.memoryUsage().heapTotal / 1e6)), 1_500);
`;

const heldAfter = (...flags: readonly string[]): number => {
  const env = { ...process.env, CAIRN_AT_REST_EVERY_MS: '50' };
  return Number(execFileSync(process.execPath, [...flags, '-e', PROGRAM], { cwd: ROOT, env }).toString());
};

const WATCHED = ['--require', 'esbuild-register', '--require', join(__dirname, 'preload.ts')];

describe('a process at rest', () => {
  it('gives back what it has grown by, which it does not do alone', () => {
    const [alone, watched] = [heldAfter('--require', 'esbuild-register'), heldAfter(...WATCHED)];
    expect(alone).toBeGreaterThan(60);
    expect(watched).toBeLessThan(alone / 2);
  });

  it('keeps its allocator to itself', () => {
    const program = "process.stdout.write(require('node:child_process').execFileSync('env'))";
    const env = { ...process.env, LD_PRELOAD: 'libjemalloc.so.2', MALLOC_CONF: 'narenas:2' };
    const told = execFileSync(process.execPath, [...WATCHED, '-e', program], { cwd: ROOT, env }).toString();
    expect(told).toContain('PATH=');
    expect(told).not.toMatch(/LD_PRELOAD|MALLOC_CONF/);
  });

  it('ends when it has nothing more to do', () => {
    const env = { ...process.env, CAIRN_AT_REST_EVERY_MS: '50' };
    expect(() =>
      execFileSync(process.execPath, [...WATCHED, '-e', ''], { cwd: ROOT, env, timeout: 20_000 }),
    ).not.toThrow();
  });
});
