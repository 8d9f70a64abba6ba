import { NET, networkSpec } from '../testing/examples';
import { specOf } from '../testing/given';
import { network, type NetworkCommand, type NetworkEvent } from './index';

const given = specOf(network);

describe('a network that a tenant has made', () => {
  const made: NetworkEvent = {
    type: 'network.created.v1',
    data: { ...networkSpec, projectId: 'p1', countsFor: 'p1', rangeStart: '10.0.0.2', rangeEnd: '10.0.0.4' },
  };
  const given_ = (projectId: string | null): NetworkEvent => ({ type: 'network.project-set.v1', data: { projectId } });
  const deleted: NetworkEvent = { type: 'network.deleted.v1', data: { networkId: NET } };
  const released: NetworkEvent = { type: 'network.quota-released.v1', data: { projectId: 'p1' } };
  const record: NetworkCommand = { type: 'RecordNetworkQuotaReleased', data: {} };
  const abandon: NetworkCommand = { type: 'AbandonCreation', data: { id: NET } };

  it('counts in the quota of its project until the project has it no longer', () => {
    expect(given(made).owed).toEqual([]);
    given(made).when(record).thenNothing();
    for (const end of [deleted, given_(null)]) {
      expect(given(made, end).owed).toMatchObject([{ target: { category: 'quota', id: 'p1' } }]);
      given(made, end).when(record).then(released);
      expect(given(made, end, released).owed).toEqual([]);
      given(made, end, released).when(record).thenNothing();
    }
    expect(given(made, given_(null), released, given_('p1')).owed).toEqual([]);
  });

  it('is abandoned for ever, or not at all', () => {
    const abandoned: NetworkEvent = { type: 'network.creation-abandoned.v1', data: { networkId: NET } };
    given().when(abandon).then(abandoned);
    given(abandoned).when(abandon).thenNothing();
    given(abandoned)
      .when({ type: 'CreateNetwork', data: { ...networkSpec, rangeStart: null, rangeEnd: null } })
      .thenRefuses('network.exists');
    given(made).when(abandon).thenRefuses('network.exists');
  });
});
