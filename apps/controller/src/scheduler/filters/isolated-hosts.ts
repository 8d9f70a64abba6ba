import type { SchedulerSettings } from '../settings';
import type { Filter } from './filter';

/**
 * Keeps some hosts for some images: an isolated image runs on isolated hosts only, and any other image elsewhere unless
 * the restriction is off (nova: restrict_isolated_hosts_to_isolated_images).
 */
export const isolatedHosts = ({ isolated: { images, hosts, restrict } }: SchedulerSettings): Filter => ({
  name: 'IsolatedHostsFilter',
  passes: ({ name }, { imageId }) => {
    const [image, host] = [images.includes(imageId), hosts.includes(name)];
    return restrict ? image === host : !image || host;
  },
  reason: 'Every host that would do is kept for other images, or the image for other hosts.',
  why: ({ name }, { imageId }) =>
    `the image is ${images.includes(imageId) ? 'isolated' : 'not isolated'}, ` +
    `the host is ${hosts.includes(name) ? 'isolated' : 'not isolated'}`,
});
