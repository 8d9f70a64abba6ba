import { HOST_A, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { inventoryOf } from '../testing/model/records';
import { host, type HostCommand, type HostEvent } from './index';

const given = specOf(host);

const enrolled = (number: number): HostEvent => ({
  type: 'host.enrolled.v1',
  data: { hostId: HOST_A, name: 'node-a', number, availabilityZone: 'nova' },
});
const started: HostEvent = { type: 'host.started.v1', data: { bootId: uuid(1), inventory: inventoryOf() } };
const claim = {
  claimId: uuid(2),
  owner: { category: 'instance', id: uuid(3) },
  projectId: 'p',
  amounts: { vcpus: 1, ramMb: 512, diskGb: 1 },
};
const claimed: HostEvent = { type: 'host.capacity-claimed.v2', data: claim };
const released: HostEvent = {
  type: 'host.capacity-released.v2',
  data: { claimId: claim.claimId, owner: claim.owner },
};
const removed: HostEvent = { type: 'host.removed.v1', data: {} };
const remove: HostCommand = { type: 'RemoveHost', data: {} };

describe('the removal of a host', () => {
  it('is refused while anybody has a claim on it', () => {
    given(enrolled(1), started, claimed).when(remove).thenRefuses('host.occupied');
    given(enrolled(1), started, claimed, released).when(remove).then(removed);
  });

  it('leaves nothing that listens to anybody', () => {
    const history = [enrolled(1), started, removed];
    const agent: HostCommand = { type: 'RecordAgentStarted', data: { bootId: uuid(9), inventory: inventoryOf() } };
    const ask: HostCommand = { type: 'ClaimCapacity', data: { ...claim, notAfter: after(60), forced: true } };
    for (const command of [remove, agent, ask])
      given(...history)
        .when(command)
        .thenRefuses('host.not-found');
  });

  it('ends with its enrolment under a new number, and still refuses claims that were released before', () => {
    const buried: HostEvent = {
      type: 'host.claim-tombstoned.v1',
      data: { claimId: claim.claimId, notAfter: after(60) },
    };
    const { state } = given(enrolled(1), started, buried, removed, enrolled(2));
    expect(state).toMatchObject({ number: 2, up: false, inventory: null, enabled: true });
    given(enrolled(1), started, buried, removed, enrolled(2), started)
      .when({ type: 'ClaimCapacity', data: { ...claim, notAfter: after(60), forced: false } })
      .thenRefuses('host.claim-released');
  });
});
