import { DNS, floatingIpRef } from '@cairn/domain';
import { floatingIpOf } from '../../../libs/domain/src/testing/model';
import type { Stage } from '../stage';
import type { Story } from '../story';

const ADDRESS = '203.0.113.1';

/** Two domains, and a host that answers by their names. */
async function domains(stage: Stage): Promise<void> {
  await stage.tell(DNS, { type: 'AddDnsHost', data: { hostId: stage.id('host a') } });
  const open = { domain: 'example.org', scope: 'public', projectId: null, availabilityZone: null };
  await stage.ask(DNS, { type: 'SetDnsDomain', data: open });
  const own = { ...open, domain: 'guests.test', scope: 'private', availabilityZone: 'nova' };
  await stage.ask(DNS, { type: 'SetDnsDomain', data: own });
  const www = { domain: 'example.org', name: 'www', address: ADDRESS, by: stage.id('project') };
  await stage.ask(DNS, { type: 'SetDnsEntry', data: www });
}

async function applied(stage: Stage): Promise<void> {
  const { version } = await stage.state(DNS);
  await stage.answer(DNS, 'apply-names', { timings: { network: 7 }, version });
}

export const names: readonly Story[] = [
  {
    name: 'names-of-addresses',
    about: 'Names stand for addresses in two domains; a host learns them, and they go with a floating IP and a domain.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      await domains(stage);
      await applied(stage);
      const db = { domain: 'guests.test', name: 'db', address: '10.0.0.7', by: null };
      await stage.ask(DNS, { type: 'SetDnsEntry', data: db });
      await applied(stage);
      const floating = floatingIpRef(stage.id('floating IP'));
      const record = floatingIpOf({
        floatingIpId: floating.id,
        projectId: stage.id('project'),
        poolId: stage.id('pool'),
        address: ADDRESS,
      });
      await stage.ask(floating, { type: 'AllocateFloatingIp', data: record });
      await stage.ask(floating, { type: 'ReleaseFloatingIp', data: {} });
      await stage.carryOutAll(floating);
      await applied(stage);
      await stage.ask(DNS, { type: 'DeleteDnsDomain', data: { domain: 'guests.test' } });
      await applied(stage);
      await stage.tell(DNS, { type: 'RemoveDnsHost', data: { hostId: stage.id('host a') } });
    },
  },
  {
    name: 'names-whose-host-is-not-told',
    about: 'A host cannot take the names over; it is asked again later.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      await domains(stage);
      const failure = { code: 'network.failed', message: 'dnsmasq cannot be started', permanent: true };
      await stage.answer(DNS, 'apply-names', failure);
    },
  },
];
