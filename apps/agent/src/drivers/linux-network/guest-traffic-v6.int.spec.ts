import { hex128, linkLocal, parseIpv6 } from '@cairn/domain';
import type { HostRule, HostSecurity } from '@cairn/host-protocol';

import { describeWhere } from '../../../../../test/support/describe-where';

import type { Port } from '../../ports/host-network.port';
import { eventually } from '../../testing/eventually';
import { droppedFor } from '../testing/dropped';
import { connectionFrom, type FakeGuest } from '../testing/fake-guest';
import { missingHere } from '../testing/host-lab';
import { networkMissing, portOf, TEST_TABLE } from '../testing/network-lab';
import { besideAnother, HERE_V6, OUTSIDE_V6, trafficLab } from '../testing/traffic-lab';

import type { Why } from './drops';
import { bridgeMac } from './names';

const GATEWAY = 'fd13:0:0:2::1';
const PROJECT = '00000000-0000-4000-8000-0000000000a1';
const GROUP = '00000000-0000-4000-8000-0000000000b1';
const STORE = { address: OUTSIDE_V6, port: 7_001 };

const addressOf = (n: number, m = 2): string => portOf(n, m).nic.addressV6 ?? '';
const linkOf = (n: number): string => linkLocal(portOf(n, 2).nic.mac);
const hexOf = (address: string): string => hex128(parseIpv6(address) ?? 0n);

const counted = (why: Why): Promise<number> => droppedFor(why, TEST_TABLE);

/** Real frames of guests in namespaces. */
describeWhere(
  networkMissing ?? missingHere('python3'),
  'what guests can do by IPv6 on the network of this Linux host',
  () => {
    const lab = trafficLab({ closed: () => Promise.resolve([STORE]) });

    /** A guest that has made its address itself. */
    async function guestOf(n: number, m = 2, port: Port = portOf(n, m)): Promise<FakeGuest> {
      const guest = await lab.guest(port, true);
      await eventually(
        'the guest has made its address',
        async () => ((await guest.addressesV6()).includes(addressOf(n, m)) ? true : undefined),
        { withinMs: 60_000, everyMs: 100 },
      );
      return guest;
    }

    it('tells guests their prefix, router, MTU and name server, and they make the address that the cloud expects', async () => {
      const [one, two] = [await guestOf(1), await guestOf(2)];
      expect([...(await one.addressesV6())].sort()).toEqual([addressOf(1), linkOf(1)].sort());
      const { networkId } = portOf(1, 2).nic.network;
      expect(await one.inside('ip', '-6', 'route', 'show', 'default')).toMatch(
        new RegExp(`^default via ${linkLocal(bridgeMac(networkId))} dev eth0`),
      );
      expect((await one.inside('cat', '/proc/sys/net/ipv6/conf/eth0/mtu')).trim()).toBe('1400');
      expect(await one.pings(GATEWAY)).toBe(true);
      expect(await one.pings(addressOf(2))).toBe(true);
      expect(await two.pings(linkOf(1))).toBe(true);
      expect(await one.resolvesAt(`[${GATEWAY}]`)).toBe('answer');
      const named = await one.inside('busybox', 'nslookup', '-type=AAAA', 'vm-2.novalocal', GATEWAY);
      expect(named).toContain(addressOf(2));
    });

    it('leases a guest that asks DHCP the same address', async () => {
      const guest = await guestOf(1);
      expect(await guest.leaseV6()).toEqual([addressOf(1)]);
    });

    it('drops and counts what a guest forges by IPv6', async () => {
      const [one, two] = [await guestOf(1), await guestOf(2)];
      await guestOf(3, 4);
      const [to, from] = [portOf(2, 2).nic.mac, portOf(1, 2).nic.mac];
      const ear = await lab.listening(two, { address: addressOf(2), port: 7_100 });
      /** A frame to the neighbour with this content. */
      const sends = (source: string, next: string, payload: string, target = addressOf(2)): Promise<void> => {
        const length = (payload.length / 2).toString(16).padStart(4, '0');
        return one.sendsFrame(to, from, '86dd', '60000000', length, next, 'ff', hexOf(source), hexOf(target), payload);
      };
      const icmp = (source: string, type: number, about = ''): Promise<void> =>
        sends(source, '3a', `${type.toString(16)}000000${'0'.repeat(8)}${about === '' ? '' : hexOf(about)}`, 'ff02::1');
      const udp = (source: string, ports: string): Promise<void> => sends(source, '11', `${ports}00080000`);
      const forgeries: readonly (readonly [Why, () => Promise<unknown>])[] = [
        ['the address of another', () => udp(addressOf(3), '1b581bbc')],
        ['the address of another', () => udp(linkOf(3), '1b581bbc')],
        ['advertisements of a router', () => icmp(linkOf(1), 134)],
        ['advertisements of a router', () => icmp(linkOf(1), 137, GATEWAY)],
        ['neighbour discovery for another', () => icmp(linkOf(1), 136, GATEWAY)],
        ['neighbour discovery for another', () => icmp(addressOf(1), 136, addressOf(2))],
        ['neighbour discovery for another', () => icmp('::', 135, addressOf(2))],
        ['answers of a DHCP server', () => udp(linkOf(1), '02230222')],
        ['ports of the host', () => one.connects({ address: GATEWAY, port: 22 })],
        ['the gateway of another network', () => one.pings('fd13:0:0:4::1')],
        ['another network', () => one.pings(addressOf(3, 4))],
      ];
      for (const [why, forge] of forgeries) {
        const before = await counted(why);
        await forge();
        expect([why, (await counted(why)) > before]).toEqual([why, true]);
      }
      expect(await one.connects(ear)).toBe('connected'); // and nothing of it keeps an honest guest out
      expect(ear.heard).toEqual([]);
    });

    it('takes guests outside, but not to what believes the host', async () => {
      const guest = await guestOf(1);
      await besideAnother(async () => {
        expect(await guest.pings(OUTSIDE_V6)).toBe(true); // which has no way back to the guest's own address
        expect(await guest.connects({ address: OUTSIDE_V6, port: 7_000 })).toBe('refused');
        expect(await guest.connects(STORE)).toBe('silence');
        expect(await guest.connects({ address: HERE_V6, port: 22 })).toBe('silence');
      });
    });

    describe('behind security groups', () => {
      let version = 0;
      const tell = (rules: readonly Partial<HostRule>[], members: readonly string[] = []): Promise<void> => {
        version += 1;
        const plain: HostRule = {
          direction: 'ingress',
          ethertype: 'IPv6',
          protocol: 'tcp',
          from: 7_100,
          to: 7_100,
          remote: null,
        };
        const told: HostSecurity = {
          version,
          groups: [{ groupId: GROUP, rules: rules.map((rule) => ({ ...plain, ...rule })) }],
          members: [{ groupId: GROUP, addresses: members }],
          changed: [],
        };
        return lab.host.network.applySecurity(PROJECT, told);
      };
      const guarded = (n: number): Port => ({
        ...portOf(n, 2),
        guard: { projectId: PROJECT, groups: [GROUP], revision: 0 },
      });

      it('guests get and send by IPv6 what rules of IPv6 let pass, and find their neighbours', async () => {
        await tell([]);
        const [one, two] = [await guestOf(1, 2, guarded(1)), await guestOf(2)];
        const ear = await lab.listening(one, { address: addressOf(1), port: 7_100 });
        const near = { address: `${linkOf(1)}%eth0`, port: 7_100 };
        expect(await two.connects(ear)).toBe('silence');
        expect(await two.connects(near)).toBe('silence');
        expect(await connectionFrom(null, ear)).toBe('silence');
        expect(await one.pings(addressOf(2))).toBe(false); // no rule lets it out
        await tell([{ direction: 'egress', protocol: null, from: null, to: null }]);
        expect(await one.pings(addressOf(2))).toBe(true);
        expect(await two.pings(addressOf(1))).toBe(false);
        await tell([{ protocol: 'icmp', from: 128, to: 0 }, { remote: { cidr: 'fd13:0:0:2::/64' } }]);
        expect(await two.pings(addressOf(1))).toBe(true);
        expect(await two.connects(ear)).toBe('connected');
        expect(await two.connects(near)).toBe('silence'); // its block names addresses of the network alone
        await tell([{ ethertype: 'IPv4' }]);
        expect(await two.connects(ear)).toBe('silence');
      });

      it('members of a group come and go by their IPv6 addresses', async () => {
        const byGroup = { remote: { groupId: GROUP } };
        await tell([byGroup]);
        const [one, two] = [await guestOf(1, 2, guarded(1)), await guestOf(2)];
        const ear = await lab.listening(one, { address: addressOf(1), port: 7_100 });
        expect(await two.connects(ear)).toBe('silence');
        await tell([byGroup], ['10.213.2.3', addressOf(2)]);
        expect(await two.connects(ear)).toBe('connected');
        await tell([byGroup], ['10.213.2.3']);
        expect(await two.connects(ear)).toBe('silence');
      });
    });
  },
);
