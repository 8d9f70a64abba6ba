import { type InjectedNic, interfacesFile, netmaskOf } from './interfaces-file';

const nic: InjectedNic = {
  address: '10.0.0.5',
  mac: 'fa:16:3e:00:00:05',
  cidr: '10.0.0.0/24',
  gateway: '10.0.0.1',
  dns: ['192.0.2.53', '192.0.2.54'],
  mtu: 1450,
  dhcp: false,
};

describe('/etc/network/interfaces of a guest', () => {
  it('gives each card the address that no DHCP server gives it [guide 74]', () => {
    const lines = interfacesFile([nic, { ...nic, dhcp: true }])?.split('\n') ?? [];
    expect(lines.slice(1)).toEqual([
      'auto lo',
      'iface lo inet loopback',
      '',
      'auto eth0',
      'iface eth0 inet static',
      '    hwaddress ether fa:16:3e:00:00:05',
      '    address 10.0.0.5',
      '    netmask 255.255.255.0',
      '    broadcast 10.0.0.255',
      '    gateway 10.0.0.1',
      '    mtu 1450',
      '    dns-nameservers 192.0.2.53 192.0.2.54',
      '',
      'auto eth1',
      'iface eth1 inet dhcp',
      '',
    ]);
  });

  it('is not needed where DHCP tells every card, or there is none', () => {
    expect(interfacesFile([{ ...nic, dhcp: true }])).toBeNull();
    expect(interfacesFile([])).toBeNull();
  });

  it('has netmasks of all lengths', () => {
    const masks = [0, 1, 12, 29, 32].map((prefix) => netmaskOf({ prefix }));
    expect(masks).toEqual(['0.0.0.0', '128.0.0.0', '255.240.0.0', '255.255.255.248', '255.255.255.255']);
  });
});
