import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('the shell scripts', () => {
  it('pipe into nothing that ends before its input: under pipefail its writer counts as failed', () => {
    const scripts = execFileSync('git', ['ls-files', '*.sh', 'cairn', '.ci/run'], { cwd: ROOT, encoding: 'utf8' });
    const early = scripts
      .trim()
      .split('\n')
      .filter((file) => /\| *grep -[a-zA-Z]*q/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(early).toEqual([]);
  });

  describe('a process that was ready', () => {
    let state: string;
    beforeEach(() => {
      state = mkdtempSync(join(tmpdir(), 'cairn-shell-'));
      mkdirSync(join(state, 'log'));
    });
    afterEach(() => {
      rmSync(state, { recursive: true });
    });

    const wasReady = (said: string): boolean => {
      writeFileSync(join(state, 'log/redis.log'), said);
      const script = `set -uo pipefail; . "${ROOT}/infra/cloud/common.sh"; was_ready redis 0`;
      return spawnSync('bash', ['-c', script], { env: { ...process.env, CAIRN_STATE: state } }).status === 0;
    };
    const ready = 'Ready to accept connections tcp\n';

    it.each([
      [true, 'however much it has said since', ready + 'x\n'.repeat(500_000)],
      [true, 'however much it had said before', 'x\n'.repeat(500_000) + ready],
      [false, 'unless it never was', 'x\n'.repeat(500_000)],
    ])('is known to have been: %s, %s', (expected, _why, said) => {
      expect(wasReady(said)).toBe(expected);
    });
  });
});
