import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('a script that sets a new checkout up', () => {
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'cairn-setup-'));
    cpSync(join(ROOT, 'infra/setup'), join(checkout, 'infra/setup'), { recursive: true });
  });
  afterEach(() => {
    rmSync(checkout, { recursive: true });
  });

  /** A program called node, in that folder, which says who it is. */
  const node = (folder: string, name: string): string =>
    `mkdir -p ${folder}; printf '#!/bin/sh\\necho ${name}\\n' > ${folder}/node; chmod +x ${folder}/node`;
  const prints = (...lines: readonly string[]): string =>
    execFileSync('bash', ['-euc', ['. infra/setup/use-node.sh', ...lines].join('\n')], {
      cwd: checkout,
      encoding: 'utf8',
      env: { PATH: `${checkout}/system:/usr/bin:/bin` },
    }).trim();

  it('goes on with the Node.js that set-up brings meanwhile', () => {
    expect(prints(node('system', 'old'), node('.cairn/node/bin', 'brought'), 'node')).toBe('brought');
  });

  it('uses the system’s where set-up brings none', () => {
    expect(prints(node('system', 'new enough'), 'node')).toBe('new enough');
  });
});
