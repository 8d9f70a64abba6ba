import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const REGISTER = ['--require', 'esbuild-register'];
const WATCHED = [...REGISTER, '--require', join(__dirname, 'preload.ts')];

/**
 * Grows by 100 MB, lets go of it, and tells how many MB V8 holds: as soon as they are under half of what it was, or after
 * so many seconds.
 */
const program = (seconds: number): string => `
  const held = () => process.memoryUsage().heapTotal / 1e6;
  let kept = Array.from({ length: 400_000 }, (_, index) => ({ text: 'x'.repeat(200) + index, index }));
  const most = held();
  kept = undefined;
  const end = Date.now() + ${String(seconds)} * 1_000;
  setInterval(() => {
    if (held() > most / 2 && Date.now() < end) return;
    console.log(JSON.stringify({ most, least: held() }));
    process.exit();
  }, 500);
`;

function run(flags: readonly string[], code: string, more: Readonly<Record<string, string>> = {}): string {
  const env = { ...process.env, CAIRN_AT_REST_EVERY_MS: '100', ...more };
  return execFileSync(process.execPath, [...flags, '-e', code], { cwd: ROOT, env, timeout: 50_000 }).toString();
}

const grown = (flags: readonly string[], seconds: number): { readonly most: number; readonly least: number } =>
  JSON.parse(run(flags, program(seconds))) as { most: number; least: number };

describe('a process at rest', () => {
  it('gives back what it has grown by, which it does not do alone', () => {
    const alone = grown(REGISTER, 2);
    expect(alone.least).toBeGreaterThan(alone.most / 2);
    const watched = grown(WATCHED, 40);
    expect(watched.least).toBeLessThanOrEqual(watched.most / 2);
  });

  it('keeps its allocator to itself', () => {
    const code = "process.stdout.write(require('node:child_process').execFileSync('env'))";
    const told = run(WATCHED, code, { LD_PRELOAD: 'libjemalloc.so.2', MALLOC_CONF: 'narenas:2' });
    expect(told).toContain('PATH=');
    expect(told).not.toMatch(/LD_PRELOAD|MALLOC_CONF/);
  });

  it('ends when it has nothing more to do', () => {
    expect(run(WATCHED, '')).toBe('');
  });
});
