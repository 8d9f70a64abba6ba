import { type Release, RELEASES } from '../../apps/eventstore/src/faults/cluster/filtered-feed';
import type { Pace } from './processes';
import type { Random } from './random';

/** Each kind of thing that can go wrong. */
export const FAULTS = [
  'crash-controller',
  'crash-agent',
  'host-dies',
  'host-slow',
  'host-trouble',
  'store-away',
  'append-trouble',
  'read-trouble',
  'subscriptions-dropped',
  'controller-stalls',
  'caches-deleted',
  'index-fails',
  'queue-trouble',
  'queue-away',
  'queue-flushed',
  'locks-lost',
  'host-disabled',
] as const;
export type FaultKind = (typeof FAULTS)[number];

/** What can go wrong with the nodes of the log; some of it does in every world. */
export const LOG_FAULTS = [
  'leader-moves',
  'node-ends',
  'node-pauses',
  'node-not-ready',
  'node-lags',
  'leader-without-followers',
  'leader-without-clients',
  'client-without-node',
  'nodes-apart',
  'no-quorum',
] as const;
export type LogFaultKind = (typeof LOG_FAULTS)[number];

/** What a seed decides before anything happens: the size of the world, and how it is unkind. */
export interface Plan {
  readonly hosts: readonly { readonly vcpus: number; readonly ramMb: number; readonly diskGb: number }[];
  readonly controllers: number;
  /** Limits of each project's quota. */
  readonly quotas: readonly { readonly instances: number; readonly cores: number; readonly ram: number }[];
  /** Prefix lengths of the networks. */
  readonly networks: readonly number[];
  readonly pace: Pace;
  readonly snapshotEvery: bigint;
  readonly cachedStreams: number;
  /** Commands of tenants and faults come within this time. */
  readonly busyMs: number;
  readonly commands: number;
  /** How many names are asked for, besides. */
  readonly names: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly faultCount: number;
  readonly logFaultCount: number;
  /** Which release of a store the log is: they differ in the checkpoints that they announce. */
  readonly release: Release;
  /** Whether controllers start on an empty log, before an operator has furnished the cloud. */
  readonly startsEmpty: boolean;
  /** Until the nodes of the log elect another leader. */
  readonly electMs: number;
  /** How long a launch, or another operation, may take. */
  readonly launchLimitMs: number;
  readonly operationLimitMs: number;
}

/**
 * Draws a plan. Each seed has favourites among the faults and leaves out others: what goes wrong in one world in many
 * different ways hides what goes wrong in one way many times.
 */
export function drawPlan(random: Random): Plan {
  const faults = Object.fromEntries(
    FAULTS.map((kind) => [kind, random.chance(0.35) ? 0 : random.pick([1, 1, 2, 5])]),
  ) as Record<FaultKind, number>;
  faults['crash-controller'] = random.pick([1, 5, 20]);
  faults['crash-agent'] = random.pick([0, 3, 10]);
  faults['host-dies'] = random.pick([0, 2, 8]);
  return {
    hosts: Array.from({ length: random.int(1, 3) }, () => ({
      vcpus: random.int(1, 2),
      ramMb: random.pick([2_048, 4_096, 8_192]),
      diskGb: random.pick([20, 40, 80]),
    })),
    controllers: random.chance(0.5) ? 2 : 1,
    quotas: Array.from({ length: random.int(1, 2) }, () => ({
      instances: random.pick([4, 10, 40]),
      cores: random.pick([6, 40, 80]),
      ram: random.pick([8_192, 51_200, 102_400]),
    })),
    networks: Array.from({ length: random.int(1, 2) }, () => random.pick([24, 28, 29])),
    pace: random.pick<Pace>([
      { usual: 2, slow: 20, slowShare: 0.02 },
      { usual: 5, slow: 400, slowShare: 0.05 },
      { usual: 40, slow: 3_000, slowShare: 0.03 },
    ]),
    snapshotEvery: random.pick([3n, 8n, 20n, 500n]),
    cachedStreams: random.pick([2, 8, 8_192]),
    busyMs: random.pick([10_000, 60_000, 180_000]),
    commands: random.int(20, 32),
    names: random.int(0, 4),
    faults,
    faultCount: random.int(12, 30),
    launchLimitMs: random.pick([20_000, 120_000, 600_000]),
    operationLimitMs: random.pick([20_000, 90_000, 300_000]),
    logFaultCount: random.int(1, 5),
    release: random.pick(RELEASES),
    startsEmpty: random.chance(0.3),
    electMs: random.pick([500, 2_000, 4_500]),
  };
}
