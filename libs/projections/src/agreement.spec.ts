import fc from 'fast-check';
import { projections } from './projections';
import type { MemoryReadModel } from './runner/memory-read-model';
import { ParkedStreamRow } from './runner/rows';
import { AGREEMENTS } from './testing/agreement';
import { runs } from './testing/fast-check';
import { cloudOf, pasts } from './testing/histories';
import { rowsAfter } from './testing/timeline';
import type { TinyCloud } from './testing/tiny-cloud';

interface Lived {
  readonly cloud: TinyCloud;
  readonly model: MemoryReadModel;
}

/** The same pasts for every claim; which one a claim fails for is its index. */
const lived: Lived[] = [];
const PASTS = 25;

beforeAll(async () => {
  for (const past of fc.sample(pasts(120), runs(PASTS))) {
    const cloud = cloudOf(past);
    lived.push({ cloud, model: await rowsAfter(cloud.log) });
  }
});

/** Holds after every history that the real deciders can make. */
const always = (claim: (cloud: TinyCloud, model: MemoryReadModel) => void): void => {
  const property = fc.property(fc.nat({ max: PASTS - 1 }), (index) => {
    const { cloud, model } = lived[index] as Lived;
    claim(cloud, model);
  });
  fc.assert(property, { examples: lived.map((_, index) => [index]), numRuns: PASTS });
};

describe('rows say what the deciders know', () => {
  it.each(AGREEMENTS)('$says', (agreement) => {
    always((cloud, model) => {
      agreement.holds(cloud, model);
    });
  });

  it('of everything that has rows (a file in testing/agreement compares them)', () => {
    const compared = AGREEMENTS.flatMap(({ rows }) => rows.map(({ name }) => name));
    expect([...compared].sort()).toEqual(projections.map(({ entity }) => entity.name).sort());
  });

  it('whatever the batches are, and never by parking a stream', async () => {
    for (const { cloud, model } of lived) {
      const pieces = await rowsAfter(cloud.log, 1 + (cloud.log.length % 40));
      for (const { entity } of projections) expect(pieces.all(entity)).toEqual(model.all(entity));
      expect(model.all(ParkedStreamRow)).toEqual([]);
    }
  });
});
