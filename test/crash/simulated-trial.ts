import { Cloud, DEMO } from '../e2e/cloud';

import { simulatedHosts } from './hosts';
import { Trial, type TrialOptions } from './trial';

/** A cloud of three simulated hosts with an image and quota enough, and the trial of it. */
export async function simulatedTrial(
  cloud: Cloud,
  options: Pick<TrialOptions, 'mix' | 'lastKill' | 'recoverWithinMs' | 'repeatBy'>,
): Promise<Trial> {
  await cloud.up();
  const file = cloud.file('image.raw', Buffer.alloc(1024 * 1024, 1));
  const create = ['image', 'create', '--disk-format', 'raw', '--file', file, 'image'];
  const { id: image } = await cloud.openstack<{ id: string }>(create, DEMO);
  await cloud.does(['quota', 'set', '--instances', '200', '--cores', '200', '--ram', '-1', 'demo']);
  return Trial.begin(cloud, { ...options, image, hosts: () => simulatedHosts(cloud) });
}
