import fc from 'fast-check';

import { agentEvent } from './results';
import { anyReport, reports } from './testing/any-report';
import { inventoryOf } from '../../domain/src/testing/model';

const INT32_MAX = 2 ** 31 - 1;

/** Texts for people, in UTF-16 units. */
const LONGEST: Readonly<Record<string, number>> = { message: 16_384, says: 1_024 };

/** Every number, text and depth of what may be recorded. */
function expectBounded(value: unknown, key = '', depth = 0): void {
  expect(depth).toBeLessThan(8);
  if (typeof value === 'number') expect(value >= 0 && value <= INT32_MAX).toBe(true);
  if (typeof value === 'string') {
    expect(value.length).toBeLessThanOrEqual(LONGEST[key] ?? 255);
    expect(value).not.toMatch(/\0|\p{Surrogate}/u);
  }
  if (typeof value !== 'object' || value === null) return;
  expect(Object.keys(value).length).toBeLessThanOrEqual(1_024);
  for (const [name, each] of Object.entries(value)) if (name !== 'facts') expectBounded(each, name, depth + 1);
}

describe('what an agent says', () => {
  it.each(Object.entries(reports))('is taken as it is when it is right: %s', (type, data) => {
    const said = agentEvent({ type, data });
    expect('why' in said ? said.why : said.type).toBe(type.replace('job-succeeded.v1', 'job-succeeded.v2'));
  });

  it('of 0.1 is about an instance', () => {
    const { instanceId, ...rest } = reports['agent.job-succeeded.v1'];
    const data = { ...rest, resource: { category: 'instance', id: instanceId } };
    expect(agentEvent({ type: 'agent.job-succeeded.v1', data: { ...rest, instanceId } })).toEqual({
      type: 'agent.job-succeeded.v2',
      data,
    });
  });

  it.each<[string, object]>([
    ['a text for a number', { vcpus: 'HUGE' }],
    ['a number that SQLite shows as it is', { vcpus: 1e308 }],
    ['so much that its claims would not fit a column', { vcpus: 2 ** 28 }],
    ['a half of a processor', { vcpus: 0.5 }],
    ['a name that PostgreSQL does not store', { hostname: 'a\0b' }],
    ['a name that no column holds', { hostIp: '1'.repeat(256) }],
  ])('is refused with the place that is wrong: %s', (_what, over) => {
    const inventory = inventoryOf(over);
    const said = agentEvent({ type: 'agent.started.v1', data: { ...reports['agent.started.v1'], inventory } });
    expect(said).toEqual({ why: `agent.started.v1: data.inventory.${Object.keys(over).join('')}` });
  });

  it('cuts off and cleans what only explains, instead of losing what it explains', () => {
    const message = `\0${'x'.repeat(20_000)}\ud800`;
    const said = agentEvent({ type: 'agent.job-failed.v2', data: { ...reports['agent.job-failed.v2'], message } });
    expect(said).toMatchObject({ data: { message: `\ufffd${'x'.repeat(16_383)}` } });
  });

  it('is within bounds or refused, whatever it is', () => {
    fc.assert(
      fc.property(anyReport(), (report) => {
        const said = agentEvent(report);
        if ('why' in said) expect(said.why.length).toBeLessThan(256);
        else expectBounded(said.data);
      }),
      { numRuns: 2_000 },
    );
  });
});
