import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { GOLDEN, listNewFiles } from './manifest';
import { type FrozenEvent, type FrozenHistory, record } from './record';
import { stories } from './stories';

const ROOT = resolve(__dirname, '../..');

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Adds a file; one that is there stays as it is, for ever. */
function add(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text(content), { flag: 'wx' });
  console.log(`added    ${file.slice(ROOT.length + 1)}`);
}

/** The paths of all fields of a value: two events of one shape need one example. */
function shapeOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [`${path}[]`, ...value.flatMap((item) => shapeOf(item, `${path}[]`))];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, field]) => shapeOf(field, `${path}.${key}`));
}

const shapeKey = ({ data, metadata }: FrozenEvent): string =>
  [...new Set([...shapeOf(data), ...shapeOf(metadata, 'metadata')])].sort().join('\n');

/** The shapes of a type's events in the histories that are frozen. */
const toldShapes = (type: string): readonly string[] =>
  readdirSync(join(GOLDEN, 'histories'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .flatMap((path) => (JSON.parse(readFileSync(join(GOLDEN, 'histories', path), 'utf8')) as FrozenHistory).events)
    .filter((event) => event.type === type)
    .map(shapeKey);

/** One example of each shape of an event is frozen, unless a history holds one. */
function addExample(type: string, events: readonly FrozenEvent[]): void {
  const names = existsSync(GOLDEN) ? readdirSync(GOLDEN) : [];
  const known = names.filter((name) => name.startsWith(`${type}.`) && /^\d+\.json$/.test(name.slice(type.length + 1)));
  const shapes = known.map((name) => shapeKey(JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as FrozenEvent));
  const [example] = events;
  const told = [...shapes, ...toldShapes(type)];
  if (example === undefined || events.some((event) => told.includes(shapeKey(event)))) return;
  const { stream, id, data, metadata } = example;
  add(join(GOLDEN, `${type}.${String(known.length + 1)}.json`), { stream, id, type, data, metadata });
}

/** A story is recorded by the release that first tells it. */
function addHistory(release: string, name: string, history: FrozenHistory): void {
  const histories = join(GOLDEN, 'histories');
  const known = readdirSync(histories, { recursive: true, encoding: 'utf8' }).find(
    (path) => basename(path) === `${name}.json`,
  );
  const file = join(histories, known ?? join(release, `${name}.json`));
  if (known === undefined) add(file, history);
  else if (readFileSync(file, 'utf8') !== text(history))
    console.log(`kept     ${file.slice(ROOT.length + 1)} although the story is told otherwise today`);
}

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const byType = new Map<string, FrozenEvent[]>();
  for (const story of stories) {
    const history = await record(story);
    addHistory(version, story.name, history);
    for (const event of history.events) byType.set(event.type, [...(byType.get(event.type) ?? []), event]);
  }
  for (const [type, events] of byType) addExample(type, events);
  listNewFiles();
}

void main();
