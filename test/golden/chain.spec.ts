import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { linkOf, type NewEvent, streamHash } from '@cairn/event-store';

import type { FrozenHistory } from './record';
import { stories } from './stories';

const HISTORIES = join(__dirname, '../../libs/domain/golden/histories');
const files = readdirSync(HISTORIES).flatMap((release) =>
  readdirSync(join(HISTORIES, release)).map((name) => join(release, name)),
);

it.each(files)('the hash chains of %s still hold', (file) => {
  const { events } = JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as FrozenHistory;
  const links = new Map<string, string>();
  for (const { stream, due: _due, ...event } of events) {
    const link = linkOf(event as NewEvent);
    expect(link).toBe(streamHash(links.get(stream) ?? '', event as NewEvent));
    links.set(stream, link);
  }
});

it('every story has a name of its own and is recorded', () => {
  const names = stories.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(files.some((file) => file.endsWith(`/${name}.json`))).toBe(true);
});
