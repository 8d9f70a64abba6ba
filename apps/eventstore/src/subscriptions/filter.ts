import type { CheckpointPace } from './checkpoints';
import { compilePattern, type Refusal } from './pattern';
import { hasPrefix } from './prefix';

/** Distinct names whose verdict is remembered, per filter. */
const MAX_REMEMBERED = 100_000;

/** Tells by row id and name whether events of that stream (or type) are wanted. */
export interface EventFilter {
  readonly on: 'stream' | 'type';
  /** @param id row id of the stream or type, under which the verdict is remembered */
  wants(id: number, name: () => string): boolean;
}

/** A filter of a subscription, with the pace of its checkpoints. */
export interface CheckpointedFilter {
  readonly matches: EventFilter;
  readonly pace: CheckpointPace;
}

interface Pattern {
  readonly regex: string;
  /** Any of them may match. */
  readonly prefixes: readonly string[];
}

/**
 * Compiles a filter. Each distinct name is tested once, so a scan costs one lookup an event.
 * @returns the filter, or the reason why it cannot be one
 */
export function eventFilter(on: 'stream' | 'type', pattern: Pattern): EventFilter | Refusal {
  const test = testOf(pattern);
  if (typeof test !== 'function') return test;
  let verdicts = new Map<number, boolean>();
  return {
    on,
    wants(id, name) {
      const known = verdicts.get(id);
      if (known !== undefined) return known;
      if (verdicts.size >= MAX_REMEMBERED) verdicts = new Map();
      const verdict = test(name());
      verdicts.set(id, verdict);
      return verdict;
    },
  };
}

/** The expression wins where there are prefixes as well; neither of them matches nothing. */
function testOf({ regex, prefixes }: Pattern): ((name: string) => boolean) | Refusal {
  if (regex === '') return (name) => prefixes.some((prefix) => hasPrefix(name, prefix));
  const compiled = compilePattern(regex);
  return 'test' in compiled ? (name) => compiled.test(name) : compiled;
}
