import { JsonLog } from './json-log';

describe('JsonLog', () => {
  it('writes one JSON object a line, with the causes of an error and the fields of its log', () => {
    const lines: string[] = [];
    const log = new JsonLog(
      (line) => lines.push(line),
      {},
      () => '2026-11-22T12:00:00.000Z',
    ).with({ host: 'node-1' });
    const error = new Error('outer\nline', { cause: new Error('inner') });
    log.warn('job failed', { effectId: 'e1', error });
    log.info('fine');
    expect(lines.map((line) => line.indexOf('\n') === line.length - 1)).toEqual([true, true]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        at: '2026-11-22T12:00:00.000Z',
        level: 'warn',
        message: 'job failed',
        host: 'node-1',
        effectId: 'e1',
        error: { name: 'Error', message: 'outer\nline', cause: { message: 'inner' } },
      },
      { level: 'info', message: 'fine', host: 'node-1' },
    ]);
  });

  it('does not follow an error that causes itself', () => {
    const lines: string[] = [];
    const error = new Error('round');
    error.cause = error;
    new JsonLog((line) => lines.push(line)).error('x', { error });
    expect(lines).toHaveLength(1);
  });
});
