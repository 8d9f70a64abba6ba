import { type Log } from './log';
import { processLog } from './process-log';

const AT = '2026-11-22T12:00:00.000Z';

/** A log, and what its lines say. */
function recorded(): { readonly log: Log; readonly lines: string[]; readonly said: () => readonly unknown[] } {
  const lines: string[] = [];
  const log = processLog({ now: () => AT, write: (line) => lines.push(line) });
  return { log, lines, said: () => lines.map((line) => JSON.parse(line) as unknown) };
}

describe('the log of a process', () => {
  it('writes one JSON object a line, with the causes of an error and the fields of its log', () => {
    const { log, lines, said } = recorded();
    const error = new TypeError('outer\nline', { cause: new Error('inner') });
    const own = log.with({ host: 'node-1' }).with({ requestId: 'req-1' });
    own.warn('job failed', { effectId: 'e1', position: 2n ** 60n, error });
    log.info('fine');
    log.error('not fine', { list: [{ error }], none: undefined });
    expect(lines.filter((line) => line.includes('\n'))).toEqual([]);
    expect(said()).toEqual([
      {
        at: AT,
        level: 'warn',
        message: 'job failed',
        host: 'node-1',
        requestId: 'req-1',
        effectId: 'e1',
        position: '1152921504606846976',
        error: expect.objectContaining({
          name: 'TypeError',
          message: 'outer\nline',
          stack: error.stack,
          cause: expect.objectContaining({ message: 'inner' }) as unknown,
        }) as unknown,
      },
      { at: AT, level: 'info', message: 'fine' },
      expect.objectContaining({
        level: 'error',
        list: [{ error: expect.objectContaining({ name: 'TypeError' }) as unknown }],
      }),
    ]);
  });

  it.each([
    'password',
    'adminPassword',
    'adminPass',
    'token',
    'X-Auth-Token',
    'authorization',
    'clientSecret',
    'user_data',
  ])('does not show a field called %s, however deep', (name) => {
    const { log, lines, said } = recorded();
    log.with({ [name]: 'hunter2' }).info('x', { [name]: 'hunter2', request: { headers: [{ [name]: 'hunter2' }] } });
    expect(lines.join()).not.toContain('hunter2');
    expect(said()).toMatchObject([{ [name]: '(secret)', request: { headers: [{ [name]: '(secret)' }] } }]);
  });

  it('shows fields that only sound like it', () => {
    const { log, said } = recorded();
    log.info('x', { tokenFile: '/f', passwordFile: '/p', tokens: 3 });
    expect(said()).toMatchObject([{ tokenFile: '/f', passwordFile: '/p', tokens: 3 }]);
  });

  it('does not follow what leads back to itself', () => {
    const { log, lines } = recorded();
    const round: Record<string, unknown> = {};
    round['round'] = round;
    const error = new Error('round', { cause: round });
    error.cause = error;
    log.error('x', { error, round });
    expect(lines).toHaveLength(1);
    expect(lines.join().length).toBeLessThan(20_000);
  });

  it('never throws: not for values that do, nor when nothing can be written', () => {
    const { log, said } = recorded();
    const hostile = {
      get value(): never {
        throw new Error('no');
      },
    };
    log.info('x', { hostile, good: 1, toJSON: () => ({}) });
    expect(said()).toMatchObject([{ message: 'x', good: 1, hostile: { value: '(unreadable: Error: no)' } }]);
    const full = processLog({
      write: () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    });
    expect(() => {
      full.with({ a: 1 }).error('x', { error: new Error('y') });
    }).not.toThrow();
  });
});
