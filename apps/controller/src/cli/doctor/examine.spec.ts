import type { NetworkFinding } from '@cairn/host-protocol';

import { uuid } from '../../../../../libs/domain/src/testing/model';
import { examined, type Line, rendered } from './examine';
import type { LoggedHost } from './log-of-networks';

const [ONE, TWO] = [uuid(1), uuid(2)];

const port = (n: number, verdict: NetworkFinding['verdict'] = 'right'): NetworkFinding => ({
  topic: 'port',
  name: `tap${String(n)}`,
  verdict,
  says: `tap${String(n)} is ${verdict}.`,
  networkId: uuid(100 + n),
  instanceId: uuid(n),
  address: `10.0.0.${String(n)}`,
});
const bridge = (n: number, verdict: NetworkFinding['verdict'] = 'right'): NetworkFinding => ({
  topic: 'bridge',
  name: `br${String(n)}`,
  verdict,
  says: `br${String(n)} is ${verdict}.`,
  networkId: uuid(100 + n),
});
const FLOATING: NetworkFinding = {
  topic: 'floating-ip',
  name: '203.0.113.1',
  verdict: 'right',
  says: 'The host answers.',
  instanceId: ONE,
};

const report = (...findings: readonly NetworkFinding[]) => ({ hostId: uuid(9), name: 'vm', findings });
const logged = (over: Partial<LoggedHost> = {}): LoggedHost => ({
  hostId: uuid(9),
  name: 'vm',
  ports: [{ instanceId: ONE, server: 'web', address: '10.0.0.1' }],
  floating: [],
  moving: new Set(),
  ...over,
});
const logLines = (lines: readonly Line[]): readonly string[] =>
  lines.filter(({ topic }) => topic === 'log').map(({ mark, says }) => `${mark} ${says}`);

describe('what ./cairn doctor network tells of a host', () => {
  it('is each finding, what was mended, and that the log agrees; what is wrong comes first [guide 114] [runbook guest-unreachable]', () => {
    const before = report(port(1), bridge(1, 'wrong'), bridge(2, 'wrong'));
    const after = report(port(1), bridge(1), bridge(2, 'wrong'));
    expect(rendered(examined(before, after, logged())).split('\n')).toEqual([
      'host vm',
      '  WRONG   bridge       br2 is wrong.',
      '  mended  bridge       br1 is wrong.',
      '  ok      port         tap1 is right.',
      '  ok      bridge       br1 is right.',
      '  ok      log          The log and this host agree: 1 port(s), 0 floating IP(s).',
    ]);
  });

  it('says where log and host differ, but nothing of servers that come or go', () => {
    const host = report(port(2), FLOATING);
    const floating = [{ address: '203.0.113.2', instanceId: ONE }];
    expect(logLines(examined(host, host, logged({ floating })).lines)).toEqual([
      'WRONG The log says that web has 10.0.0.1 on this host, whose agent knows no such port: reboot the server hard.',
      `WRONG This host has a port with 10.0.0.2 for ${TWO}, which the log does not place here.`,
      'WRONG The log says that this host answers for 203.0.113.2, which its agent does not know.',
      'WRONG This host answers for 203.0.113.1, which the log does not lead here.',
    ]);
    const moving = new Set([ONE, TWO]);
    expect(logLines(examined(host, host, logged({ floating, moving })).lines)).toEqual([
      'ok The log and this host agree: 0 port(s), 0 floating IP(s).',
    ]);
  });

  it('follows one server alone: its port, its networks, and what all share', () => {
    const kernel: NetworkFinding = { topic: 'kernel', name: 'ip_forward', verdict: 'right', says: 'It forwards.' };
    const host = report(port(1), port(2, 'wrong'), bridge(1), bridge(2), kernel);
    const { lines } = examined(host, host, logged(), ONE);
    expect(lines.map(({ says }) => says)).toEqual([
      'tap1 is right.',
      'br1 is right.',
      'It forwards.',
      'The log and this host agree: 1 port(s), 0 floating IP(s).',
    ]);
  });
});
