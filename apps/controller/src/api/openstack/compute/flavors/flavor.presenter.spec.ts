import { flavorRow, LINKS } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { presentFlavor, presentFlavorBrief } from './flavor.presenter';

describe('a flavor', () => {
  it('is shown as nova shows it', () => {
    expect(shapeDifferences({ flavor: presentFlavor(flavorRow(), LINKS) }, 'flavors', 'flavor-get-resp')).toEqual([]);
    expect(
      shapeDifferences({ flavors: [presentFlavor(flavorRow(), LINKS)] }, 'flavors', 'flavors-detail-resp'),
    ).toEqual([]);
    expect(
      shapeDifferences({ flavors: [presentFlavorBrief(flavorRow(), LINKS)] }, 'flavors', 'flavors-list-resp'),
    ).toEqual([]);
  });

  it('has swap as a number only when there is some', () => {
    expect(presentFlavor(flavorRow({ swapMb: 512 }), LINKS)).toMatchObject({ swap: 512 });
    expect(presentFlavor(flavorRow(), LINKS)).toMatchObject({ swap: '' });
  });
});
