import type { ImageSpec } from '@cairn/host-protocol';

import { ImageUnusable } from '../ports/errors';

/** What a blob turns out to be when somebody looks at its bytes. */
export interface ImageContent {
  /** `raw` for whatever has no header that is known. */
  readonly format: string;
  readonly sizeBytes: number;
  /** Why no guest can use it, whatever it is said to be; null when nothing speaks against it. */
  readonly fault: string | null;
}

/**
 * What the root disk of a guest is made from, by what the owner says of the image: Glance's `ami` and `iso` are a plain
 * sequence of sectors. An image of any other kind is refused, by hosts and by simulated ones alike.
 */
const ACCEPTED: ReadonlyMap<string, 'raw' | 'qcow2'> = new Map([
  ['raw', 'raw'],
  ['ami', 'raw'],
  ['iso', 'raw'],
  ['qcow2', 'qcow2'],
]);

/**
 * The format to name when a disk is made over an image; nothing is probed again.
 * @throws ImageUnusable with the reason for its owner when the image is not accepted.
 */
export function acceptedFormat({ imageId, format: claimed }: ImageSpec, content: ImageContent): 'raw' | 'qcow2' {
  const refuse = (why: string): never => {
    throw new ImageUnusable(imageId, why);
  };
  const wanted =
    ACCEPTED.get(claimed) ?? refuse(`its disk format ${claimed} is not supported; convert it to qcow2 or raw`);
  if (content.sizeBytes === 0) refuse('it is empty');
  if (content.format !== wanted)
    refuse(`its disk format is said to be ${claimed} but its content is ${content.format}`);
  if (content.fault !== null) refuse(content.fault);
  return wanted;
}

const SECTOR = 512;

/** The size that a guest sees of a disk that is a plain sequence of bytes. */
export const wholeSectors = (bytes: number): number => Math.ceil(bytes / SECTOR) * SECTOR;
