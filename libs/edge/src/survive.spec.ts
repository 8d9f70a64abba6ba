import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** Runs a program in a process that may open so many files and no more. */
function run(code: string, ...flags: readonly string[]): { readonly status: number | null; readonly said: string } {
  const node = [process.execPath, '--require', 'esbuild-register', ...flags, '-e', code];
  const { status, stdout, stderr } = spawnSync('prlimit', ['--nofile=64', ...node], {
    cwd: ROOT,
    env: { ...process.env, CAIRN_AT_REST_EVERY_MS: '20' },
    timeout: 50_000,
  });
  return { status, said: `${stdout.toString()}${stderr.toString()}` };
}

const EXHAUSTED = `
  const { openSync, closeSync } = require('node:fs');
  const open = [];
  const exhaust = () => { try { for (;;) open.push(openSync('/dev/null')); } catch {} };
`;

describe('a process that lacks descriptors', () => {
  it('goes on although a timer fails for want of them', () => {
    const survive = `require('./libs/edge/src/survive.ts').surviveWantOfResources(({ code }) => console.log('lacks', code));`;
    const code = `${survive}${EXHAUSTED}
      exhaust();
      setTimeout(() => openSync('/dev/null'), 5);
      setTimeout(() => { open.forEach(closeSync); console.log('alive'); }, 50);`;
    expect(run(code)).toEqual({ status: 0, said: 'lacks EMFILE\nalive\n' });
  });

  it('ends at every other error that nobody catches', () => {
    const code = `require('./libs/edge/src/survive.ts').surviveWantOfResources(() => undefined);
      setTimeout(() => { throw new TypeError('a bug'); }, 5); setTimeout(() => console.log('alive'), 50);`;
    const { status, said } = run(code);
    expect(status).toBe(1);
    expect(said).toContain('TypeError: a bug');
    expect(said).not.toContain('alive');
  });

  it('still looks whether it is at rest', () => {
    const code = `${EXHAUSTED} exhaust();
      setTimeout(() => { open.forEach(closeSync); console.log('alive'); }, 200);`;
    expect(run(code, '--require', './libs/at-rest/src/preload.ts')).toEqual({ status: 0, said: 'alive\n' });
  });
});
