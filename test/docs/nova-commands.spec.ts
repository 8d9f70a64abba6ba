import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { OWN } from '../../apps/controller/src/cli/nova/commands';
import { DEBIANS, MISSING, RENAMED } from '../../apps/controller/src/cli/nova/missing';
import { withBlock } from './api/render';

const DOCUMENT = join(__dirname, '../../docs/nova-commands.md');
/** Set by `npm run docs`, which writes the table instead of comparing it. */
const WRITING = process.env['CAIRN_WRITE_DOCS'] === 'yes';

const lines = (): readonly string[] => {
  const by = new Map<string, string>([
    ...DEBIANS.map((name): [string, string] => [name, "Debian's `nova`"]),
    ...Object.entries(RENAMED).map(([old, name]): [string, string] => [old, `Debian's \`nova\`, as \`${name}\``]),
    ...Object.entries(OWN).map(([name, { usage }]): [string, string] => [
      name,
      `Cairn: \`${`${name} ${usage}`.trim()}\``,
    ]),
    ...Object.entries(MISSING).map(([name, what]): [string, string] => [name, `refused, without ${what}`]),
  ]);
  const rows = [...by]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, who]) => `| \`${name}\` | ${who.replaceAll('|', '\\|')} |`);
  return ['| Command | Answered by |', '| --- | --- |', ...rows];
};

it('docs/nova-commands.md says who answers each command (npm run docs writes it)', () => {
  const before = readFileSync(DOCUMENT, 'utf8');
  const after = withBlock(before, 'nova commands', lines().join('\n'));
  if (WRITING) writeFileSync(DOCUMENT, after);
  else expect(before).toBe(after);
});
