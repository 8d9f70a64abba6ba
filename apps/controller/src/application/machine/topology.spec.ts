import { DomainError } from '@cairn/domain';

import { bestTopology, type Counts } from './topology';

const counts = (sockets = 0, cores = 0, threads = 0): Counts => ({ sockets, cores, threads });
const NOTHING = { wanted: counts(), most: counts() };

const best = (vcpus: number, flavor: Partial<typeof NOTHING>, image: Partial<typeof NOTHING> = {}): string => {
  try {
    const found = bestTopology(vcpus, { flavor: { ...NOTHING, ...flavor }, image: { ...NOTHING, ...image } });
    return [found.sockets, found.cores, found.threads].join(':');
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
};

describe('the arrangement of processors', () => {
  it.each([
    ['a socket each, without wishes', 8, {}, {}, '8:1:1'],
    ['the one that is wished', 8, { wanted: counts(2, 4, 1) }, {}, '2:4:1'],
    ['the image’s wish before the flavor’s', 8, { wanted: counts(2, 4, 1) }, { wanted: counts(4, 1, 2) }, '4:1:2'],
    ['within the limits', 8, { most: counts(2, 8, 1) }, {}, '2:4:1'],
    ['as near to a wish as the number allows', 7, { wanted: counts(0, 3, 0) }, {}, '7:1:1'],
    ['with one part wished', 16, { wanted: counts(0, 4, 0) }, {}, '4:4:1'],
    ['threads where nothing else is left', 8, { most: counts(2, 2, 0) }, {}, '2:2:2'],
    [
      'without the flavor’s wish, where the image forbids it',
      8,
      { wanted: counts(8, 1, 1) },
      { most: counts(2, 0, 0) },
      '2:4:1',
    ],
  ])('is %s', (_what, vcpus, flavor, image, expected) => {
    expect(best(vcpus, flavor, image)).toBe(expected);
  });

  it('is refused in nova’s words', () => {
    expect(best(8, { most: counts(2, 0, 0) }, { most: counts(4, 0, 0) })).toBe(
      'Image vCPU topology limits (sockets=4, cores=0, threads=0) exceeds the limits of the flavor (sockets=2, cores=0, threads=0)',
    );
    expect(best(8, { most: counts(0, 2, 0) }, { wanted: counts(0, 4, 0) })).toBe(
      'Image vCPU topology (sockets=0, cores=4, threads=0) exceeds the limits of the flavor or image (sockets=65536, cores=2, threads=65536)',
    );
    expect(best(11, { most: counts(2, 2, 2) })).toBe(
      'Requested vCPU limits 2:2:2 are impossible to satisfy for vcpus count 11',
    );
  });
});
