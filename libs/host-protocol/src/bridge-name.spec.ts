import { isBridgeName, isFreeBridgeName } from './bridge-name';

describe('the name of a bridge', () => {
  it.each(['br100', 'brcrash1', 'private', 'site1', 'br-ext', 'team-net', 'enclave', 'ethernet', 'lobby', 'x'])(
    'may be %s',
    (name) => {
      expect(isFreeBridgeName(name)).toBe(true);
    },
  );

  it.each(['lo', 'eth0', 'ETH0', 'eno1', 'ens3', 'enp0s31f6', 'wlp2s0', 'wlan0', 'docker0', 'virbr0', 'bond1', 'tap0'])(
    'is not %s, which a machine has or may have for something else',
    (name) => {
      expect(isFreeBridgeName(name)).toBe(false);
    },
  );

  it.each(['all', 'default', 'tap0123456789a', 'veth1a2b3c4', 'vnet3', 'br-1a2b3c4d5e6f', 'enx001122334455'])(
    'is not %s, which means something else to a machine',
    (name) => {
      expect(isFreeBridgeName(name)).toBe(false);
    },
  );

  it.each(['', '.', '..', '1br', 'br 1', 'br/1', 'br"1', 'a'.repeat(16)])(
    'is not %j, which no host can make',
    (name) => {
      expect(isBridgeName(name)).toBe(false);
      expect(isFreeBridgeName(name)).toBe(false);
    },
  );
});
