import type { Figure } from './figures';

/** What a figure is measured against. */
export type Goal = Pick<Figure, 'unit' | 'bar' | 'better' | 'openstack'>;

/**
 * The bars that Cairn sets itself, and OpenStack Zed's figures for the same work: 20 simulated hosts, two such cores.
 * OpenStack's memory is its idle control plane and 20 host agents.
 */
export const GOALS = {
  launches: { unit: '/s', bar: 100, better: 'more', openstack: 2.3 },
  launchCpu: { unit: 'ms', bar: 10, better: 'less', openstack: 844 },
  deletions: { unit: '/s', bar: 100, better: 'more', openstack: 3.6 },
  operations: { unit: '/s', bar: 200, better: 'more' },
  accepted: { unit: 'ms', bar: 10, better: 'less', openstack: 97 },
  active: { unit: 'ms', bar: 60, better: 'less', openstack: 825 },
  show: { unit: 'ms', bar: 3, better: 'less', openstack: 52 },
  list100: { unit: 'ms', bar: 8, better: 'less' },
  list1000: { unit: 'ms', bar: 50, better: 'less', openstack: 2_191 },
  newest1000: { unit: 'ms', bar: 60, better: 'less' },
  tokens: { unit: '/s', bar: 10, better: 'more', openstack: 6.2 },
  validations: { unit: '/s', bar: 3_000, better: 'more', openstack: 84 },
  logs: { unit: 'of it', bar: 0.9, better: 'more' },
  controller: { unit: 'MiB', bar: 300, better: 'less' },
  memory: { unit: 'MiB', bar: 450, better: 'less', openstack: 1.9 * 1_024 + 20 * 135 },
} as const satisfies Readonly<Record<string, Goal>>;
