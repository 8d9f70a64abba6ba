import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EVENT_TYPES, eventCatalogue } from '../../../libs/domain/src';
import { withBlock } from '../api/render';
import { ROOT } from '../documents';
import { type Shapes, shapesOfEvents } from './shapes';

const DOCUMENT = join(ROOT, 'docs/events.md');
/** Set by `npm run docs`, which writes the tables instead of comparing them. */
const WRITING = process.env['CAIRN_WRITE_DOCS'] === 'yes';

const code = (text: string): string => `\`${text.replaceAll('|', String.raw`\|`)}\``;

function eventTables({ data }: Shapes): string {
  const categories = [...new Set(EVENT_TYPES.map((type) => eventCatalogue.get(type)?.category ?? ''))].sort();
  return categories.map((category) => `### ${category}\n\n${tableOf(category, data)}`).join('\n\n');
}

function tableOf(category: string, data: Shapes['data']): string {
  const rows = [...eventCatalogue].flatMap(([name, { type, meaning, shown, from, category: of }]) => {
    if (of !== category || name !== type) return [];
    const older = from === undefined ? '' : ` Older: ${from.map(code).join(', ')}.`;
    const fields = data.get(type) === 'Record<string, never>' ? '' : code(data.get(type) ?? '');
    return [`| ${code(type)} | ${meaning}${older} | ${fields} | ${shown ? 'yes' : 'no'} |`];
  });
  return ['| Type | Meaning | Data | In a row |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const shapeLists = ({ named }: Shapes): string =>
  [...named]
    .map(([name, fields]) => {
      const lines = fields.map(
        (field) => `- \`${field.name}\`: \`${field.type}\`${field.meaning && `. ${field.meaning}`}`,
      );
      return `### ${name}\n\n${lines.join('\n')}`;
    })
    .join('\n\n');

describe('docs/events.md', () => {
  const shapes = shapesOfEvents();

  it('has the fields of every event that is catalogued, as the compiler sees them', () => {
    expect([...shapes.data.keys()].sort()).toEqual(EVENT_TYPES);
  });

  it('says what the catalogue and the types say (npm run docs writes it)', () => {
    const before = readFileSync(DOCUMENT, 'utf8');
    const blocks = { 'domain events': eventTables(shapes), 'event shapes': shapeLists(shapes) };
    const after = Object.entries(blocks).reduce((text, [name, block]) => withBlock(text, name, block), before);
    if (WRITING) writeFileSync(DOCUMENT, after);
    else expect(before).toBe(after);
  });
});
