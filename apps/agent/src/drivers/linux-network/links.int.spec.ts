import { describeWhere } from '../../../../../test/support/describe-where';
import { ip, networkMissing } from '../testing/network-lab';

import { IpBatch } from './ip-batch';
import { readLink, readLinks } from './links';

interface Told {
  readonly ifname: string;
  readonly address: string;
  readonly ifalias?: string;
  readonly master?: string;
  readonly mtu: number;
  readonly flags: readonly string[];
}

const [BRIDGE, VETH, PEER] = ['cairntestbr', 'cairntestva', 'cairntestvb'];

describeWhere(networkMissing, 'interfaces of this Linux host', () => {
  const batch = new IpBatch();
  beforeAll(() =>
    batch.run([
      ['link', 'add', 'name', BRIDGE, 'type', 'bridge'],
      ['link', 'add', 'name', VETH, 'type', 'veth', 'peer', 'name', PEER],
      ['link', 'set', 'dev', VETH, 'alias', 'cairn:a-b', 'mtu', '1400', 'master', BRIDGE, 'up'],
    ]),
  );
  afterAll(async () => {
    await batch.run([
      ['link', 'delete', 'dev', VETH],
      ['link', 'delete', 'dev', BRIDGE],
    ]);
    batch.dismiss();
  });

  it('are read as ip tells them', async () => {
    const told = JSON.parse(await ip('-json', 'link', 'show')) as readonly Told[];
    const expected = told
      .filter(({ ifname }) => ifname.startsWith('cairntest') || ifname === 'lo')
      .map(({ ifname, address, ifalias = '', master = null, mtu, flags }): readonly unknown[] => [
        ifname,
        expect.objectContaining({ ifname, address, ifalias, master, mtu, isUp: flags.includes('UP') }),
      ]);
    expect(expected.length).toBeGreaterThanOrEqual(4);
    expect([...readLinks()]).toEqual(expect.arrayContaining(expected));
    expect(readLink(VETH)).toMatchObject({ ifalias: 'cairn:a-b', master: BRIDGE, mtu: 1400, isUp: true });
    expect(readLink('cairntestnone')).toBeNull();
  });

  it('are changed up to the command that fails, which is named', async () => {
    const refused = batch.run([
      ['link', 'set', 'dev', PEER, 'mtu', '1300'],
      ['link', 'set', 'dev', 'cairntestnone', 'up'],
      ['link', 'set', 'dev', PEER, 'mtu', '1200'],
    ]);
    await expect(refused).rejects.toMatchObject({
      code: 'network.failed',
      message: 'ip link set dev cairntestnone up: Cannot find device "cairntestnone"',
    });
    expect(readLink(PEER)?.mtu).toBe(1300);
  });

  it('are not touched at all by a batch with a word that is none', async () => {
    const refused = batch.run([
      ['link', 'set', 'dev', PEER, 'mtu', '1250'],
      ['link', 'set', 'dev', `${PEER} up`],
    ]);
    await expect(refused).rejects.toThrow(/not a word for ip/);
    expect(readLink(PEER)?.mtu).toBe(1300);
  });
});
