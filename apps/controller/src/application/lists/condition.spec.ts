import { all, any, type Condition, equal, everything, isImpossible, not, nothing, oneOf } from './condition';

interface Thing {
  readonly id: string;
}

const IS_A: Condition<Thing> = equal('id', 'a');

describe('a condition', () => {
  it.each<[boolean, Condition<Thing>]>([
    [true, nothing()],
    [true, oneOf('id', [])],
    [true, all([IS_A, nothing()])],
    [true, any([nothing(), all([oneOf('id', []), IS_A])])],
    [false, any([IS_A, nothing()])],
    [false, everything()],
    [false, not(nothing())],
    [false, oneOf('id', ['a'])],
  ])('is seen to be impossible: %s of %j', (impossible, condition) => {
    expect(isImpossible(condition)).toBe(impossible);
  });
});
