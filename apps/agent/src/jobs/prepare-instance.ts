import type { BootImages, ImageSpec, InstanceSpec } from '@cairn/host-protocol';

import { both } from '../both';
import type { DriveFiles } from '../ports/controller.port';
import { JobFailure } from '../ports/errors';
import type { DomainSpec, InstanceDisks, PluggedNic } from '../ports/hypervisor.port';
import type { BootFiles, CachedImage, InstanceImages } from '../ports/image-cache.port';

import type { JobContext } from './job-context';
import type { Stopwatch } from './stopwatch';

export interface Prepared {
  readonly domain: DomainSpec;
  /** True when all of the instance's images were in the cache already. */
  readonly imageCached: boolean;
}

/** Makes all that a guest needs before it can run: images, disks, NICs. Leaves existing ones alone. */
export async function prepareInstance(spec: InstanceSpec, context: JobContext, watch: Stopwatch): Promise<Prepared> {
  // A long transfer goes on for others who want the image, but this job need not wait for it when it is superseded.
  const images = await watch.time('image', () => Promise.race([fetchImages(spec, context), context.superseded]));
  const [disks, nics] = await both(
    watch.time('disk', () => context.disks.ensure(spec, images, () => driveOf(spec, context))),
    watch.time('network', () => plugNics(spec, context)),
  );
  const all = [images, images.rescue].flatMap((files) => [files?.root, files?.kernel, files?.ramdisk]);
  return { domain: domainOf(spec, disks, nics), imageCached: all.every((image) => image?.cached ?? true) };
}

/** @throws JobFailure where the controller knows of no such drive. */
async function driveOf({ instanceId }: InstanceSpec, { controller, superseded }: JobContext): Promise<DriveFiles> {
  const files = await Promise.race([controller.fetchDrive(instanceId), superseded]);
  if (files !== null) return files;
  throw new JobFailure('disk.failed', 'The controller does not tell what is on the configuration drive.', false);
}

/** All images that the instance's disks and its start need. */
export const imagesOf = ({ rescue, ...spec }: InstanceSpec): readonly ImageSpec[] =>
  [spec, ...(rescue === undefined ? [] : [rescue])]
    .flatMap(({ image, kernel, ramdisk }) => [image, kernel, ramdisk])
    .filter((each) => each !== null);

const domainOf = (spec: InstanceSpec, disks: InstanceDisks, nics: readonly PluggedNic[]): DomainSpec => ({
  spec,
  disks,
  nics,
});

async function fetchImages(spec: InstanceSpec, context: JobContext): Promise<InstanceImages> {
  const files = await fetchFiles(spec, context);
  return spec.rescue === undefined ? files : { ...files, rescue: await fetchFiles(spec.rescue, context) };
}

async function fetchFiles(boot: BootImages, context: JobContext): Promise<BootFiles> {
  const fetch = (image: ImageSpec | null): Promise<CachedImage | null> =>
    image === null ? Promise.resolve(null) : context.images.ensure(image);
  const root = await context.images.ensure(boot.image);
  const kernel = await fetch(boot.kernel);
  const ramdisk = await fetch(boot.ramdisk);
  return { root, kernel, ramdisk };
}

/** The place of each NIC of the guest among its ports on this host. */
export const plugsOf = ({ nics }: InstanceSpec): readonly number[] => nics.map(({ plug }, i) => plug ?? i);

async function plugNics(spec: InstanceSpec, context: JobContext): Promise<readonly PluggedNic[]> {
  const { instanceId, hostname, projectId, guard } = spec;
  const guarded = guard === undefined ? {} : { guard: { ...guard, projectId } };
  const plugged: PluggedNic[] = [];
  const plugs = plugsOf(spec);
  for (const [i, nic] of spec.nics.entries()) {
    const index = plugs[i] ?? i;
    plugged.push(await context.network.ensurePort({ instanceId, hostname, index, nic, ...guarded }));
  }
  await context.networksChanged();
  return plugged;
}
