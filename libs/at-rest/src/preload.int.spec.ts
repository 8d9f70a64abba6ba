import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
/** Without what V8 does by itself where next to nothing is allocated, which is not how a cloud rests. */
const REGISTER = ['--no-memory-reducer', '--require', 'esbuild-register'];
const WATCHED = [...REGISTER, '--require', join(__dirname, 'preload.ts')];

/**
 * Grows, and its young generation most of all, lets go of it, and tells how many MB of its own the machine keeps for
 * it: as soon as they are under half of what they were, or after so many seconds.
 */
const program = (seconds: number): string => `
  const held = () => /Anonymous: +(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/smaps_rollup', 'utf8'))[1] / 1e3;
  let kept = new Array(200_000);
  for (let i = 0; i < 3_000_000; i += 1) kept[i % kept.length] = { i, around: [i, i] };
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
