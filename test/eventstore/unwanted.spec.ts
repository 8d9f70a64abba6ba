import { compilePattern } from '../../apps/eventstore/src/subscriptions/pattern';
import { patternWithout } from '../../libs/event-store/src/type-pattern';
import { UNWANTED } from '../../libs/projections/src/projections';

describe('the events that no row shows', () => {
  it('are left out by a pattern that the embedded store takes, every one of them', () => {
    const pattern = compilePattern(patternWithout(UNWANTED));
    if ('why' in pattern) throw new Error(pattern.why);
    const sent = UNWANTED.map((type) => (type.endsWith('.') ? `${type}x` : type)).filter((type) => pattern.test(type));
    expect(sent).toEqual([]);
    expect(pattern.test('instance.launched.v1')).toBe(true);
  });
});
