import { join } from 'node:path';
import fc, { type Arbitrary } from 'fast-check';

import type { Category, CommandOf } from '../../aggregates';
import { modulesIn } from '../modules-in';
import type { Asked } from './asked';

/**
 * What people ask, by aggregate: one file for each in the folder `requests`. What effects come to is not there: a harness
 * learns it from the effects.
 */
const ASKED = new Map(
  [...modulesIn(join(__dirname, 'requests')).values()]
    .flatMap((module) => Object.values(module) as readonly Asked<Category>[])
    .map((asked) => [asked.category, asked]),
);

/** The streams that people act on in a random history, beside servers and hosts. */
export const ACTED_ON: readonly { readonly category: Category; readonly streams: readonly string[] }[] = [
  ...ASKED.values(),
].filter(({ streams }) => streams.length > 0);

/**
 * Anything that people ask of the stream with that id; every kind of it as often.
 * @throws Error for an aggregate that has no file.
 */
export function requestsOf<C extends Category>(category: C, id: string): Arbitrary<CommandOf<C>> {
  const asked = ASKED.get(category);
  if (asked === undefined) throw new Error(`libs/domain/src/testing/model/requests has no file for ${category}`);
  const byType = Object.entries(asked.requests(id)) as [string, Arbitrary<object>][];
  return fc.oneof(...byType.map(([type, data]) => data.map((one) => ({ type, data: one })))) as unknown as Arbitrary<
    CommandOf<C>
  >;
}
