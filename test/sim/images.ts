import { deriveId, type ImageSpec } from '@cairn/domain';

import { OTHER_IMAGE } from '../../libs/domain/src/testing/operations';
import { type BlobFacts, believingSource, type ImageSource } from '../../apps/agent/src/drivers/simulated';

export const IMAGE_KINDS = ['good', 'missing', 'wrong-format', 'wrong-size'] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** The images of the world: some are not what their owners say. */
export class Images implements ImageSource {
  private readonly kinds = new Map<string, ImageKind>([[OTHER_IMAGE.imageId, 'good']]);

  /** An image of a kind; the same every time it is asked for. */
  of(kind: ImageKind): ImageSpec {
    const imageId = deriveId('simulation', 'image', kind);
    this.kinds.set(imageId, kind);
    return { imageId, sha256: imageId.replaceAll('-', '').repeat(2), sizeBytes: 1_000, format: 'qcow2' };
  }

  async fetch(image: ImageSpec): Promise<BlobFacts | null> {
    const facts = await believingSource.fetch(image);
    switch (this.kinds.get(image.imageId)) {
      case 'good':
        return facts;
      case 'wrong-format':
        return facts === null ? null : { ...facts, format: 'vmdk' };
      case 'wrong-size':
        return facts === null ? null : { ...facts, sizeBytes: image.sizeBytes - 1 };
      default:
        return null;
    }
  }
}
