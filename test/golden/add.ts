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

/**
 * The release that first tells a story records it.
 * @returns the path of a recorded history that differs from the one that today's code makes; undefined otherwise.
 */
function addHistory(release: string, name: string, history: FrozenHistory): string | undefined {
  const histories = join(GOLDEN, 'histories');
  const known = readdirSync(histories, { recursive: true, encoding: 'utf8' }).find(
    (path) => basename(path) === `${name}.json`,
  );
  if (known === undefined) add(join(histories, release, `${name}.json`), history);
  else if (readFileSync(join(histories, known), 'utf8') !== text(history)) return known;
  return undefined;
}

/** Older releases wrote other events for many stories; within one release, a difference is worth a look. */
function reportDifferent(release: string, paths: readonly string[]): void {
  const fresh = paths.filter((path) => path.startsWith(`${release}/`));
  for (const path of fresh) console.log(`kept     ${path}, although today's code makes other events of its story`);
  console.log(
    `kept     ${String(paths.length - fresh.length)} histories of older releases that differ from today's, as they may`,
  );
}

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const byType = new Map<string, FrozenEvent[]>();
  const different: string[] = [];
  for (const story of stories) {
    const history = await record(story);
    different.push(...[addHistory(version, story.name, history)].filter((path) => path !== undefined));
    for (const event of history.events) byType.set(event.type, [...(byType.get(event.type) ?? []), event]);
  }
  for (const [type, events] of byType) addExample(type, events);
  listNewFiles();
  reportDifferent(version, different);
}

void main();
