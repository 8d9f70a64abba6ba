import { machineUptime, uptimeLine } from './uptime';

/** What python-openstackclient 6.0 takes a hypervisor's uptime apart with. */
const CLIENT = /\s*(.+)\sup\s+(.+),\s+(.+)\susers?,\s+load average:\s(.+)/;

describe('the uptime of a host', () => {
  it.each([
    [59, '0 min'],
    [18 * 60, '18 min'],
    [2 * 3600 + 5 * 60, '2:05'],
    [86_400 + 60, '1 day, 1 min'],
    [3 * 86_400 + 4 * 3600, '3 days, 4:00'],
  ])('%d s is "%s"', (seconds, words) => {
    const line = uptimeLine('2026-11-22T12:00:01.500Z', seconds, [0.5, 1, 2.345]);
    expect(line).toBe(` 12:00:01 up ${words},  0 users,  load average: 0.50, 1.00, 2.35`);
    expect(CLIENT.exec(line)?.slice(1)).toEqual(['12:00:01', words, '0', '0.50, 1.00, 2.35']);
  });

  it('is this machine’s', () => {
    expect(machineUptime()).toMatch(CLIENT);
  });
});
