import { HOST_A, uuid } from '../testing/examples';
import { specOf } from '../testing/given';
import { inventoryOf } from '../testing/model/records';
import { host, type HostEvent } from './index';

const given = specOf(host);

const up: readonly HostEvent[] = [
  { type: 'host.enrolled.v1', data: { hostId: HOST_A, name: 'node-a', number: 1, availabilityZone: 'nova' } },
  { type: 'host.started.v1', data: { bootId: uuid(1), inventory: inventoryOf() } },
  { type: 'host.came-up.v1', data: { bootId: uuid(1) } },
];

describe('a host', () => {
  it('keeps as evidence what it reports without being asked, and changes nothing', () => {
    const result = {
      effectId: uuid(1),
      resource: { category: 'instance', id: uuid(2) },
      generation: 1,
      resultType: 'x',
      reason: 'y',
    };
    const drift = { bootId: uuid(1), kind: 'domain', name: 'instance-00000001' };
    const difference = { topic: 'bridge', name: 'br100', says: 'The bridge br100 is gone.' };
    const differed = { bootId: uuid(1), mended: [difference], left: [], more: 2 };
    const refused = { count: 7, reason: 'agent.started.v1: data.inventory.vcpus' };
    const kept = [
      [
        { type: 'RejectResult', data: result },
        { type: 'host.result-rejected.v2', data: result },
      ],
      [
        { type: 'ReportDrift', data: drift },
        { type: 'host.drift-detected.v1', data: drift },
      ],
      [
        { type: 'RecordNetworkDiffered', data: differed },
        { type: 'host.network-differed.v1', data: differed },
      ],
      [
        { type: 'RecordReportsRefused', data: refused },
        { type: 'host.reports-refused.v1', data: refused },
      ],
    ] as const;
    for (const [command, event] of kept)
      given(...up)
        .when(command)
        .then(event);
    const { state } = given(...up, ...kept.map(([, event]) => event));
    expect(state).toEqual(given(...up).state);
  });
});
