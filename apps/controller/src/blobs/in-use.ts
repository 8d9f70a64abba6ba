import { ImageRow, type ReadModel, ServerImageRow, ServerRow } from '@cairn/projections';
import type { EntityManager } from 'typeorm';

/**
 * Hashes of the blobs that something needs: those of images that are not deleted, and those of images, deleted or not,
 * below the disks of servers that are not deleted (a host may have to fetch them, or to fetch them again).
 */
export const blobsInUse = (readModel: Pick<ReadModel, 'read'>): Promise<ReadonlySet<string>> =>
  readModel.read(async (entities) => {
    const needed = await imagesOfServers(entities);
    const images = await entities.find(ImageRow, { select: { id: true, sha256: true, status: true } });
    const kept = images.filter(({ id, status }) => status !== 'deleted' || needed.has(id));
    return new Set(kept.map(({ sha256 }) => sha256).filter((sha256) => sha256 !== null));
  });

async function imagesOfServers(entities: EntityManager): Promise<ReadonlySet<string>> {
  const triples = await entities
    .createQueryBuilder(ServerRow, 'server')
    .select(['server.imageId AS image', 'server.kernelId AS kernel', 'server.ramdiskId AS ramdisk'])
    .where('server.deleted = :deleted', { deleted: false })
    .distinct()
    .getRawMany<Readonly<Record<'image' | 'kernel' | 'ramdisk', string | null>>>();
  const further = await entities.find(ServerImageRow, { select: { imageId: true } });
  const ids = [
    ...triples.flatMap(({ image, kernel, ramdisk }) => [image, kernel, ramdisk]),
    ...further.map(({ imageId }) => imageId),
  ];
  return new Set(ids.filter((id) => id !== null));
}
