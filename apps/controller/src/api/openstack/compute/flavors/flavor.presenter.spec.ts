import { flavorRow, LINKS } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { type FlavorViewer, presentAccess, presentFlavor, presentFlavorBrief } from './flavor.presenter';

const viewer = (minor: number, extraSpecs = true): FlavorViewer => ({ links: LINKS, minor, extraSpecs });

/** What the samples say of their own flavor. */
const OWN = { onlyType: ['description'] };

describe('a flavor', () => {
  it.each([
    [1, ''],
    [54, ''],
    [55, 'v2.55/'],
    [60, 'v2.55/'],
    [61, 'v2.61/'],
    [74, 'v2.61/'],
    [75, 'v2.75/'],
    [93, 'v2.75/'],
  ])('is shown in 2.%d as nova shows it', (minor, version) => {
    const row = flavorRow({ description: 'for tests' });
    const flavor = presentFlavor(row, viewer(minor));
    expect(shapeDifferences({ flavor }, 'flavors', `${version}flavor-get-resp`, OWN)).toEqual([]);
    expect(shapeDifferences({ flavors: [flavor] }, 'flavors', `${version}flavors-detail-resp`, OWN)).toEqual([]);
    const flavors = [presentFlavorBrief(row, viewer(minor))];
    expect(shapeDifferences({ flavors }, 'flavors', `${version}flavors-list-resp`, OWN)).toEqual([]);
  });

  it('has swap as a number only when there is some, and always from 2.75 on', () => {
    expect(presentFlavor(flavorRow({ swapMb: 512 }), viewer(1))).toMatchObject({ swap: 512 });
    expect(presentFlavor(flavorRow(), viewer(74))).toMatchObject({ swap: '' });
    expect(presentFlavor(flavorRow(), viewer(75))).toMatchObject({ swap: 0 });
  });

  it('shows what it demands of hosts to whom may read that', () => {
    expect(presentFlavor(flavorRow(), viewer(61))).toMatchObject({ extra_specs: { 'hw:numa_nodes': '1' } });
    expect(presentFlavor(flavorRow(), viewer(61, false))).not.toHaveProperty('extra_specs');
  });

  it('lists the projects that may use it', () => {
    const answer = presentAccess('1', ['6f70656e737461636b20342065766572']);
    expect(
      shapeDifferences(answer, 'flavor-access', 'flavor-access-add-tenant-resp', {
        onlyType: ['flavor_id', 'tenant_id'],
      }),
    ).toEqual([]);
  });
});
