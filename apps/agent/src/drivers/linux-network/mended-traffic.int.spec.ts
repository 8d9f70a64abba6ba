import { describeWhere } from '../../../../../test/support/describe-where';

import type { Damage } from '../../ports/network-damages';
import { networkMissing, portOf } from '../testing/network-lab';
import { besideAnother, OUTSIDE, trafficLab } from '../testing/traffic-lab';

/** What takes guests their network, one after the other. */
const DAMAGES: readonly Damage[] = [
  'a bridge that is deleted',
  'a gateway without its address',
  'a route that is deleted',
  'a tap that is no port of its bridge',
  'a guest that is taken for another',
  'a DHCP server that is killed',
  'forwarding that is turned off',
  'an element of a set that is deleted',
];

describeWhere(networkMissing, 'guests of a Linux host whose network somebody changes by hand', () => {
  const lab = trafficLab();

  it('have their lease, their gateway, each other and the outside again when it is mended [runbook guest-unreachable]', async () => {
    const [one, two] = [await lab.guest(portOf(1)), await lab.guest(portOf(2))];
    const reached = async (): Promise<readonly unknown[]> => [
      (await one.lease())?.['ip'],
      await one.pings('10.213.1.1'),
      await one.pings('10.213.1.3'),
      await two.pings(OUTSIDE),
    ];
    const all = ['10.213.1.2', true, true, true];
    await besideAnother(async () => {
      expect(await reached()).toEqual(all);
      for (const kind of DAMAGES) {
        await lab.host.damage(kind);
        await lab.host.network.mend();
        expect([kind, await reached()]).toEqual([kind, all]);
      }
    });
  });
});
