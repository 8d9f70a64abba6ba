import { EVENT_TYPES, eventCatalogue } from '@cairn/domain';
import { projections } from './projections';

describe('the projections', () => {
  it('fold every event that the catalogue says a row shows, and no other', () => {
    const folded = projections.flatMap(({ types }) => Object.keys(types));
    const shown = EVENT_TYPES.filter((type) => eventCatalogue.get(type)?.shown);
    expect([...new Set(folded)].sort()).toEqual(shown);
  });
});
