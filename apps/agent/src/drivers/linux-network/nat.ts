import type { NetworkSpec } from '@cairn/host-protocol';

/** An address outside that the host answers for. */
export interface CarriedAddress {
  readonly address: string;
  /** The interface on which it answers. */
  readonly device: string;
  /** Where it leads. */
  readonly fixedAddress: string;
}

/** Chains of network address translation, by name. */
export type Chains = readonly (readonly [name: string, hook: string, rules: readonly string[]])[];

/**
 * Leads what comes to an address outside to its guest, also what the host itself sends there, and lets the guest speak
 * under that address. Before `egress`, which gives everybody else the host's own. The first NAT decides for a connection.
 */
export function floatingChains(carried: readonly CarriedAddress[], networks: readonly NetworkSpec[]): Chains {
  if (carried.length === 0) return [];
  const inward = `dnat to ip daddr map { ${carried.map((one) => `${one.address} : ${one.fixedAddress}`).join(', ')} }`;
  const first = firstOf(carried);
  const under = first.map(({ address, fixedAddress }) => `${fixedAddress} : ${address}`).join(', ');
  const outward = first.map((one) => `"${one.device}" . ${one.fixedAddress} : ${one.address}`).join(', ');
  return [
    ['floating_in', 'nat hook prerouting priority dstnat + 1', [inward]],
    ['floating_own', 'nat hook output priority -99', [inward]],
    [
      'floating_out',
      'nat hook postrouting priority srcnat - 1',
      [
        // guests that reach each other by addresses outside: the answer must come back through the host
        `ct status dnat oifname @bridges snat to ip saddr map { ${under} }`,
        ...networks.map(({ bridge, cidr }) => `ip saddr ${cidr} oifname "${bridge}" ct status dnat masquerade`),
        `snat to oifname . ip saddr map { ${outward} }`,
      ],
    ],
  ];
}

/** A guest that several addresses lead to speaks under the first of them. */
const firstOf = (carried: readonly CarriedAddress[]): readonly CarriedAddress[] => [
  ...new Map([...carried].reverse().map((one) => [one.fixedAddress, one])).values(),
];

/**
 * What is forwarded of connections to addresses outside, before networks are kept apart: those that lead where they did
 * when they began go on. Others end when their address goes elsewhere: the kernel would carry them on.
 */
export const floatingRules = (carried: readonly CarriedAddress[]): readonly string[] => [
  ...(carried.length === 0
    ? []
    : [
        `ct status dnat ct original ip daddr . ct reply ip saddr { ${carried
          .map(({ address, fixedAddress }) => `${address} . ${fixedAddress}`)
          .join(', ')} } accept`,
      ]),
  'ct status dnat oifname @bridges drop',
  'ct status dnat ct direction reply iifname @bridges drop',
];
