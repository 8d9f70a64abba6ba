import { deriveId } from '@cairn/domain';
import fc from 'fast-check';

import { inventoryOf } from '../../../domain/src/testing/model';
import { envelope } from './messages';

/** What a compromised agent may append to its stream: right reports, broken in one place or many, and anything at all. */

const DEPTH = 500;
const nested = Array.from({ length: DEPTH }).reduce<unknown>((inner) => [inner], 'deep');

/** Values of wrong types, sizes and depths, that some reader, column or format stumbles over. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, '', 'HUGE', -1, 0.5, 1e308, 2 ** 31, 2 ** 53, Number.NaN, {}, []),
  fc.constantFrom<unknown>('\0', '\ud800', 'x'.repeat(300), 'x'.repeat(70_000), '../../etc', '__proto__', nested),
  fc.constantFrom<unknown>(
    Array.from({ length: 5_000 }, () => 'a'),
    { toString: 1 },
    JSON.parse('{ "__proto__": { "power": "running" } }'),
  ),
  fc.anything({ withNullPrototype: true, maxDepth: 4 }),
);

const { effectId, resource, generation } = envelope;
const result = { effectId, resource, generation, bootId: deriveId('a boot') };
const start = { hostId: envelope.hostId, bootId: result.bootId };

/** One report of each type as it should be. */
export const reports = {
  'agent.started.v1': { ...start, inventory: inventoryOf() },
  'agent.drift-detected.v1': { ...start, kind: 'unknown-instance', name: 'instance-00000009' },
  'agent.network-differed.v1': {
    ...start,
    mended: [{ topic: 'bridge', name: 'br100', says: 'The bridge br100 is gone.' }],
    left: [],
    more: 0,
  },
  'agent.job-succeeded.v2': { ...result, facts: { power: 'running', timings: { start: 5 } } },
  'agent.job-failed.v2': { ...result, code: 'disk.failed', message: 'no room', permanent: false },
  'agent.job-superseded.v2': { ...result, newestGeneration: 4 },
  'agent.job-succeeded.v1': { effectId, instanceId: resource.id, generation, bootId: result.bootId, facts: {} },
} as const;

/** The value with what stands at one of its places replaced. */
function broken(value: unknown, path: readonly number[], by: unknown): unknown {
  const [at, ...rest] = path;
  if (at === undefined || typeof value !== 'object' || value === null) return by;
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return by;
  const place = at % entries.length;
  const changed = entries.map(([key, each], i) => [key, i === place ? broken(each, rest, by) : each] as const);
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

/** @param right what is broken, by type. */
export const anyReport = (
  right: Readonly<Record<string, object>> = reports,
): fc.Arbitrary<{ type: string; data: unknown }> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...Object.entries(right)), fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), hostile)
        .map(([[type, data], path, by]) => ({ type, data: broken(data, path, by) })),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom('agent.started.v1', 'agent.job-succeeded.v2', 'agent.x.v1', 'toString', ''),
        data: hostile,
      }),
    },
  );
