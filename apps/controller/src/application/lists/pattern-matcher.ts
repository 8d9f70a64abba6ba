import { DomainError } from '@cairn/domain';
import { FairQueue, type Turn } from '../../runtime/fair-queue';
import { PatternThread } from './pattern-thread';

const MAX_PATTERN = 255;
/** One pattern at a time; each has 0.3 s at most. */
const LIMITS = { slots: 1, waiting: 64, waitingOfOne: 4 };

/** Letters and anchors; a point stands for any character. Such a pattern cannot take long. */
const PLAIN = /^\^?[A-Za-z0-9_ @:.-]*\$?$/;
const MAX_PLAIN = 64;

const refused = (pattern: string, why: string): DomainError =>
  new DomainError('invalid', 'filter.invalid', `Invalid filter '${pattern.slice(0, MAX_PATTERN)}': ${why}`);

const busy = (): DomainError =>
  new DomainError(
    'unavailable',
    'filter.busy',
    'Too many lists with expressions are asked for. Please try again later.',
  );

/**
 * Which texts contain what a pattern describes, without regard to case (as MySQL's REGEXP, which nova's filters end in).
 * A tenant's pattern is matched by another thread, which gives up after a while; callers take turns.
 */
export class PatternMatcher {
  private readonly queue = new FairQueue(LIMITS, busy);
  private readonly thread = new PatternThread();

  /** @throws DomainError `invalid` for a pattern that is none, or takes too long; `unavailable` when too many wait. */
  async match(pattern: string, texts: readonly string[], turn: Turn): Promise<readonly boolean[]> {
    if (pattern.length > MAX_PATTERN) throw refused(pattern, 'it is too long.');
    if (pattern.length <= MAX_PLAIN && PLAIN.test(pattern)) return matchPlain(pattern, texts);
    const answer = await this.queue.run(turn, () => this.thread.match(pattern, texts));
    if (answer === 'not a pattern') throw refused(pattern, 'it is not a regular expression.');
    if (answer === 'too slow') throw refused(pattern, 'it takes too long to match.');
    return answer;
  }
}

/** Most filters are names, addresses, or parts of them. */
function matchPlain(pattern: string, texts: readonly string[]): readonly boolean[] {
  const expression = new RegExp(pattern, 'i');
  return texts.map((text) => expression.test(text));
}
