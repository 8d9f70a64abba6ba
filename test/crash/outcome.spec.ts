import type { Kind, Operation } from './operations';
import { type Seen, wrongWith } from './outcome';

const ID = 'server';
const operation = (kind: Kind, status: number | undefined, servers: readonly string[] = [ID]): Operation => ({
  kind,
  key: 'key',
  servers,
  name: '',
  answer: status === undefined ? { status, why: 'gone' } : { status, body: undefined },
});
const seen = (vmState: Seen['vmState'], starts: number): Seen => ({ vmState, starts });
const judged = (op: Operation, before: Seen | undefined, after: readonly Seen[]): boolean =>
  wrongWith(
    op,
    new Map(before === undefined ? [] : [[ID, before]]),
    new Map(after.map((one, i) => [op.servers[i] ?? '', one])),
  ) === undefined;

describe('the outcome of an operation', () => {
  it.each<readonly [string, boolean, Operation, Seen | undefined, readonly Seen[]]>([
    ['accepted and done', true, operation('launch', 202), undefined, [seen('active', 1)]],
    ['accepted and started twice', false, operation('launch', 202), undefined, [seen('active', 2)]],
    ['accepted and never there', false, operation('launch', 202), undefined, []],
    ['accepted and in error', false, operation('launch', 202), undefined, [seen('error', 0)]],
    ['unanswered and done', true, operation('launch', undefined), undefined, [seen('active', 1)]],
    ['unanswered and not there', true, operation('launch', undefined), undefined, []],
    [
      'unanswered and one of two there',
      false,
      operation('launch', undefined, [ID, 'b']),
      undefined,
      [seen('active', 1)],
    ],
    [
      'unanswered and one of two undone',
      false,
      operation('launch', undefined, [ID, 'b']),
      undefined,
      [seen('active', 1), seen('deleted', 0)],
    ],
    [
      'unanswered and undone as a whole',
      true,
      operation('launch', undefined, [ID, 'b']),
      undefined,
      [seen('deleted', 1)],
    ],
    [
      'unanswered and both there',
      true,
      operation('launch', undefined, [ID, 'b']),
      undefined,
      [seen('active', 1), seen('active', 1)],
    ],
    ['accepted and undone', false, operation('launch', 202), undefined, [seen('deleted', 1)]],
    ['unanswered and half there', false, operation('launch', undefined), undefined, [seen('building', 0)]],
    ['refused', false, operation('stop', 409), seen('active', 1), [seen('active', 1)]],
    ['accepted, and rebooted once', true, operation('reboot', 202), seen('active', 3), [seen('active', 4)]],
    ['accepted, and not rebooted', false, operation('reboot', 202), seen('active', 3), [seen('active', 3)]],
    ['unanswered, and rebooted twice', false, operation('reboot', 503), seen('active', 3), [seen('active', 5)]],
    ['accepted, and not stopped', false, operation('stop', 202), seen('active', 1), [seen('active', 1)]],
    ['unanswered, and stopped', true, operation('stop', undefined), seen('active', 1), [seen('stopped', 1)]],
    ['accepted, and deleted', true, operation('delete', 204), seen('active', 1), [seen('deleted', 0)]],
  ])('%s: %s', (_what, good, op, before, after) => {
    expect(judged(op, before, after)).toBe(good);
  });
});
