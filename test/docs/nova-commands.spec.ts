import { OWN } from '../../apps/controller/src/cli/nova/commands';
import { DEBIANS, MISSING, RENAMED } from '../../apps/controller/src/cli/nova/missing';
import { expectBlocks, table } from './generated';

const answerers = (): string => {
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
    .map(([name, who]) => [`\`${name}\``, who.replaceAll('|', '\\|')]);
  return table(['Command', 'Answered by'], rows);
};

it('docs/nova-commands.md says who answers each command (npm run docs writes it)', () => {
  expectBlocks('nova-commands.md', { 'nova commands': answerers() });
});
