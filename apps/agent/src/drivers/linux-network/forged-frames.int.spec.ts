import { describeWhere } from '../../../../../test/support/describe-where';

import { droppedFor } from '../testing/dropped';
import { connectionFrom, type Ear, type FakeGuest } from '../testing/fake-guest';
import { missingHere } from '../testing/host-lab';
import { networkMissing, portOf, TEST_TABLE } from '../testing/network-lab';
import { besideAnother, OUTSIDE, trafficLab } from '../testing/traffic-lab';

import type { Why } from './drops';
import { bridgeMac } from './names';

const OWN = '10.213.1.2';
const [FROM, TO] = [portOf(1).nic.mac, portOf(2).nic.mac];
const OTHERS = '10.213.1.77';
const NEIGHBOUR = { address: '10.213.1.3', port: 7_100 };

/** What a guest tries, with its port's own rules and those of its host in the way. */
const FORGERIES: readonly (readonly [Why, (guest: FakeGuest) => Promise<unknown>])[] = [
  ['the address of another', (guest) => guest.sends('forged', { address: OTHERS, port: 4_000 }, NEIGHBOUR)],
  ['ARP under the address of another', (guest) => guest.arpAnswered(OTHERS, '10.213.1.1')],
  [
    'answers of a DHCP server',
    (guest) => guest.sends('forged', { address: OWN, port: 67 }, { ...NEIGHBOUR, port: 68 }),
  ],
  [
    'the hardware address of another',
    async (guest) => {
      await guest.wear('fa:16:3e:66:66:66');
      await fixNeighbour(guest, 'eth0');
      await guest.sends('forged', { address: OWN, port: 4_000 }, NEIGHBOUR);
      await guest.wear(portOf(1).nic.mac);
    },
  ],
  // a router advertisement (ICMPv6, type 134) from an address of its own to all nodes
  [
    'IPv6',
    (guest) =>
      guest.sendsFrame(
        '333300000001',
        FROM,
        '86dd',
        '60000000',
        '0010',
        '3a',
        'ff',
        `fe80${'0'.repeat(27)}a`,
        `ff02${'0'.repeat(27)}1`,
        '86',
      ),
  ],
  ['VLAN tags', (guest) => guest.sendsFrame(TO, FROM, '8100', '0064', '0800')],
  ['neither IPv4 nor ARP', (guest) => guest.sendsFrame(TO, FROM, '88cc')],
  [
    'ARP under the hardware address of another',
    // a reply (operation 2): the guest's address is at that hardware address
    (guest) =>
      guest.sendsFrame(
        TO,
        FROM,
        '0806',
        '0001',
        '0800',
        '06',
        '04',
        '0002',
        'fa163e666666',
        '0ad50102',
        TO,
        '0ad50103',
      ),
  ],
  [
    'frames of a network between hosts',
    (guest) => guest.sends('forged', { address: OWN, port: 4_789 }, { address: OUTSIDE, port: 4_789 }),
  ],
  ['ports of the host', (guest) => guest.connects({ address: '10.213.1.1', port: 22 })],
  ['the gateway of another network', (guest) => guest.pings('10.213.2.1')],
  ['another network', (guest) => guest.pings('10.213.2.4')],
];

/** Forged ARP is dropped as well, so nothing would be sent to whom the guest has to ask for first. */
async function fixNeighbour(guest: FakeGuest, device: string): Promise<void> {
  const { address, mac, network } = portOf(2).nic;
  await guest.inside('ip', 'neighbour', 'replace', address, 'lladdr', mac, 'dev', device);
  await guest.inside('ip', 'neighbour', 'replace', '10.213.1.1', 'lladdr', bridgeMac(network.networkId), 'dev', device);
  await guest.inside('ip', 'route', 'replace', 'default', 'via', '10.213.1.1');
}

const counted = (why: Why): Promise<number> => droppedFor(why, TEST_TABLE);

describeWhere(networkMissing ?? missingHere('python3'), 'what a guest forges on the network of this Linux host', () => {
  const lab = trafficLab();

  it('is dropped and counted, each by its own rule, and the doctor shows how often [guide 79,114] [runbook guest-unreachable]', async () => {
    const [one, two] = [await lab.guest(portOf(1)), await lab.guest(portOf(2))];
    await lab.guest(portOf(3, 2));
    await besideAnother(async () => {
      const ears: readonly Ear[] = [
        await lab.listening(two, NEIGHBOUR),
        await lab.listening(two, { ...NEIGHBOUR, port: 68 }),
      ];
      expect(await one.pings('10.213.1.1')).toBe(true);
      expect(await one.pings(NEIGHBOUR.address)).toBe(true);
      await one.inside('ip', 'address', 'add', `${OTHERS}/24`, 'dev', 'eth0');
      await fixNeighbour(one, 'eth0');
      for (const [why, forge] of FORGERIES) {
        const before = await counted(why);
        await forge(one);
        await fixNeighbour(one, 'eth0');
        expect([why, (await counted(why)) > before]).toEqual([why, true]);
      }
      expect(await one.connects(NEIGHBOUR)).toBe('connected'); // and nothing of it keeps an honest guest out
      expect(await connectionFrom(null, NEIGHBOUR)).toBe('connected');
      expect(ears.flatMap(({ heard }) => heard)).toEqual([]);
      const told = (await lab.host.network.inspect()).filter(({ topic }) => topic === 'dropped');
      expect(
        told.filter(({ instanceId }) => instanceId === portOf(1).instanceId).map(({ says }) => says),
      ).toContainEqual(expect.stringMatching(/the guest behind tap\w+: \d+ packet\(s\) \(the address of another\)\.$/));
    });
  });
});
