import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EVENT_TYPES, eventCatalogue } from '../../../libs/domain/src';
import type { CataloguedEvent } from '../../../libs/domain/src/catalogue';
import { ROOT } from '../documents';
import { table, WRITING } from '../generated';
import { type Field, type Shapes, shapesOfEvents } from './shapes';

const FOLDER = join(ROOT, 'docs/events');

const code = (text: string): string => `\`${text.replaceAll('|', String.raw`\|`)}\``;

/** One page for each aggregate: a new one changes no page that is there. */
function pages({ data, named }: Shapes): ReadonlyMap<string, string> {
  const events = [...eventCatalogue].flatMap(([name, entry]) => (entry.type === name ? [entry] : []));
  const byCategory = Map.groupBy(events, ({ category }) => category);
  return new Map(
    [...byCategory].map(([category, own]) => {
      const mentioned = new Map(own.flatMap(({ type }) => [...(named.get(type) ?? [])]));
      const text = [`# Events of ${category}`, INTRODUCTION, tableOf(own, data), ...shapeLists(mentioned)].join('\n\n');
      return [`${category}.md`, `${text}\n`];
    }),
  );
}

const INTRODUCTION = '[Events](../events.md) explains the columns. `npm run docs` writes this page.';

function tableOf(events: readonly CataloguedEvent[], data: Shapes['data']): string {
  const rows = events.map(({ type, meaning, shown, from }) => {
    const older = from === undefined ? '' : ` Older: ${from.map(code).join(', ')}.`;
    const fields = data.get(type) === 'Record<string, never>' ? '' : code(data.get(type) ?? '');
    return [code(type), `${meaning}${older}`, fields, shown ? 'yes' : 'no'];
  });
  return table(['Type', 'Meaning', 'Data', 'In a row'], rows);
}

const shapeLists = (named: ReadonlyMap<string, readonly Field[]>): readonly string[] =>
  [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fields]) => {
      const lines = fields.map(
        (field) => `- \`${field.name}\`: \`${field.type}\`${field.meaning && `. ${field.meaning}`}`,
      );
      return `## ${name}\n\n${lines.join('\n')}`;
    });

const written = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));

function write(files: ReadonlyMap<string, string>): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const [file, text] of files) writeFileSync(join(FOLDER, file), text);
}

describe('docs/events', () => {
  const shapes = shapesOfEvents();

  it('has the fields of every event that is catalogued, as the compiler sees them', () => {
    expect([...shapes.data.keys()].sort()).toEqual(EVENT_TYPES);
  });

  it('says what the catalogue and the types say (npm run docs writes it)', () => {
    if (WRITING) write(pages(shapes));
    else expect(written()).toEqual(pages(shapes));
  });
});
