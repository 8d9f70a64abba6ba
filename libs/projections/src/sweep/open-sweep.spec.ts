import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generationsIn } from '../database/generations';
import { projections } from '../projections';
import { groupsOf } from '../runner/generation';
import { openFilesIn } from '../testing/open-files';
import { RowSweep } from './row-sweep';

it('a sweep that cannot open one group keeps none of the others open', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-open-sweep-'));
  const database = { type: 'sqlite', directory } as const;
  const groups = groupsOf(projections);
  for (const { generation, entities } of groups) {
    const source = await generationsIn(database).openWriter(generation, entities);
    // of the last one, so that the others are open by then: a file that is taken for a new one, with tables in it
    if (generation === groups.at(-1)?.generation) await source.query('DROP TABLE checkpoint');
    await source.destroy();
  }
  const log = { read: () => fail('nothing is read') };
  await expect(RowSweep.open({ database, log })).rejects.toThrow(/already exists/);
  expect(await openFilesIn(directory)).toEqual([]);
  await rm(directory, { recursive: true });
});

const fail = (why: string): never => {
  throw new Error(why);
};
