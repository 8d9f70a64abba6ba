import { launcherSettings } from '@cairn/config';
import { z } from 'zod';

import { agentSettings } from '../../../apps/agent/src/config';
import { controllerSettings } from '../../../apps/controller/src/config';
import { expectBlocks } from '../generated';

/** What JSON Schema says of a setting, as far as a row shows it. */
interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
  readonly required?: readonly string[];
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** A setting, or each one of a section of settings. */
function rowsOf(name: string, setting: Described, required: boolean): readonly string[] {
  const [chosen = setting] = (setting.anyOf ?? []).filter(({ type }) => type !== 'null');
  const inner = chosen.properties ?? chosen.items?.properties;
  const { description = '', default: fallback } = setting;
  const without = required ? 'must be given' : fallback === undefined || fallback === null ? 'none' : code(fallback);
  const row = `| \`${name}\` | ${inner === undefined || chosen.items !== undefined ? without : ''} | ${description} |`;
  if (inner === undefined) return [row];
  const prefix = chosen.items === undefined ? `${name}.` : `${name}[].`;
  const below = sectionOf(prefix, inner, (chosen.properties === undefined ? chosen.items : chosen)?.required);
  return description === '' && chosen.items === undefined ? below : [row, ...below];
}

const sectionOf = (
  prefix: string,
  properties: Readonly<Record<string, Described>>,
  required: readonly string[] = [],
): readonly string[] =>
  Object.entries(properties).flatMap(([name, setting]) => rowsOf(`${prefix}${name}`, setting, required.includes(name)));

function tableOf(head: string, schema: z.ZodType): string {
  const { properties = {}, required } = z.toJSONSchema(schema, { io: 'input' }) as Described;
  return [`| ${head} | Default | Is |`, '| --- | --- | --- |', ...sectionOf('', properties, required)].join('\n');
}

describe('docs/operators-guide.md', () => {
  it('has every setting with its default (npm run docs writes it)', () => {
    expectBlocks('operators-guide.md', {
      'settings of ./cairn': tableOf('Variable', launcherSettings),
      'settings of the controller': tableOf('Field of `controller.json`', controllerSettings),
      'settings of the agent': tableOf('Field of `agent.json`', agentSettings('/')),
    });
  });

  it.each([launcherSettings, controllerSettings, agentSettings('/')])('describes each of them', (schema) => {
    expect(tableOf('', schema).match(/^.*\|\s+\|$/gm)).toBeNull();
  });
});
