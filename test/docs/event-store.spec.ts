import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DIFFERENCES } from '../../apps/eventstore/src/recorded/differences';

const ROOT = resolve(__dirname, '../..');
const FOLDERS = ['contract', 'integration', 'recorded'].map((folder) => `apps/eventstore/src/${folder}`);

const documented = readFileSync(join(ROOT, 'docs/event-store.md'), 'utf8');
const served = documented.split('\n## ').find((chapter) => chapter.startsWith('What is served\n')) ?? '';
const rows = served
  .split('\n')
  .filter((line) => /^\|(?! what \||---)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name: file }) => readFileSync(join(ROOT, folder, file), 'utf8')),
).join('\n');

describe("the list of the event store's deliberate differences", () => {
  it.each([...new Set(DIFFERENCES.map(([, , reason]) => reason))])('explains: %s', (reason) => {
    expect(documented).toContain(`- **${reason}**:`);
  });
});

describe("the table of the event store's protocol", () => {
  it('is there', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('%s%s names tests that exist', (_, what, answer = '', tests = '') => {
    const titles = [...tests.matchAll(/`([^`]+)`/g)].map(([, title]) => title ?? '');
    if (!answer.startsWith('no:')) expect([what, titles.length > 0]).toEqual([what, true]);
    for (const title of titles) expect([title, sources.includes(`'${title}'`)]).toEqual([title, true]);
  });
});
