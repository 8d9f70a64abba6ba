/** What the networks of a type have in common. */
export interface NetworkTraits {
  /** For operators: what joins the parts that several hosts have of a network. */
  readonly says: string;
  /** By what hosts tell the frames of one network from those of others on the way between them; null where nothing does. */
  readonly segment: 'vxlan' | null;
}

/** The types of networks; an installation makes networks of one of them (nova: `network_manager`). */
const TYPES = {
  flatdhcp: {
    says: 'has a part of its own on each host, a guest reaches those of its host',
    segment: null,
  },
  vxlan: { says: 'spans all hosts', segment: 'vxlan' },
} as const satisfies Readonly<Record<string, NetworkTraits>>;

export type NetworkType = keyof typeof TYPES;

export const NETWORK_TYPES = Object.keys(TYPES) as readonly NetworkType[];

export const traitsOf = (type: NetworkType): NetworkTraits => TYPES[type];
