import { PROJECT, serverRow } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { presentUsage } from './usage.presenter';

const period = { from: '2026-11-22T12:00:00.000Z', to: '2026-11-22T18:00:00.000Z', now: '2026-11-22T14:00:00.000Z' };

describe('usage of a project', () => {
  it('counts only what lies in the period, running servers up to now', () => {
    const rows = [
      serverRow({ launchedAt: '2026-11-22T10:00:00.000Z', vcpus: 2, ramMb: 512 }),
      serverRow({ launchedAt: '2026-11-22T12:30:00.000Z', terminatedAt: '2026-11-22T13:00:00.000Z' }),
    ];
    expect(presentUsage(PROJECT, rows, period, false)).toMatchObject({
      total_hours: 2.5,
      total_vcpus_usage: 4.5,
      total_memory_mb_usage: 1280,
    });
  });

  it('is shown as nova shows it', () => {
    const usage = presentUsage(PROJECT, [serverRow({ launchedAt: period.from })], period, true);
    const own = { onlyType: ['instance_id'] };
    expect(
      shapeDifferences({ tenant_usage: usage }, 'os-simple-tenant-usage', 'simple-tenant-usage-get-specific', own),
    ).toEqual([]);
    const brief = presentUsage(PROJECT, [], period, false);
    expect(shapeDifferences({ tenant_usages: [brief] }, 'os-simple-tenant-usage', 'simple-tenant-usage-get')).toEqual(
      [],
    );
  });
});
