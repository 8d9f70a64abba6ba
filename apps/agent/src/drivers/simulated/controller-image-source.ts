import { createHash } from 'node:crypto';

import type { ImageSpec } from '@cairn/host-protocol';

import { wholeSectors } from '../../disks/acceptance';
import {
  CUT_OFF,
  detectFormat,
  faultOfQcow2,
  HEADER_BYTES,
  type Qcow2Header,
  readQcow2Header,
} from '../../disks/image-header';
import { Qcow2Extent } from '../../disks/qcow2-extent';
import type { Controller } from '../../ports/controller.port';

import type { BlobFacts, ImageSource } from './image-source';

const MOST_REMEMBERED = 256;

/** Results of looks at blobs, finished or running, for all simulated hosts of the process: one fetch for each blob. */
export type BlobMemory = Map<string, Promise<BlobFacts | null>>;

/**
 * Fetches images from the controller as a real host does, looks at them, and keeps only what it saw: a simulated cloud
 * thus knows missing, altered and wrongly labelled images, at no cost of disk.
 */
export class ControllerImageSource implements ImageSource {
  constructor(
    private readonly controller: Controller,
    private readonly memory: BlobMemory,
  ) {}

  fetch({ imageId, sha256 }: ImageSpec): Promise<BlobFacts | null> {
    const key = `${imageId} ${sha256}`;
    const known = this.memory.get(key);
    if (known !== undefined) return known;
    const found = this.look(imageId);
    this.memory.set(key, found);
    const forget = (): boolean => this.memory.delete(key);
    // Remembers only finished looks: a blob may still come, and the controller may come back.
    found.then((facts) => facts ?? forget(), forget);
    const oldest = this.memory.keys().next();
    if (this.memory.size > MOST_REMEMBERED && oldest.done !== true) this.memory.delete(oldest.value);
    return found;
  }

  private async look(imageId: string): Promise<BlobFacts | null> {
    const bytes = await this.controller.fetchImage(imageId);
    return bytes === null ? null : factsOf(bytes);
  }
}

/** What the bytes of a blob are, kept none of them. */
export async function factsOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<BlobFacts> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let begun: Beginning | undefined;
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    if (begun !== undefined) begun.extent?.write(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length >= HEADER_BYTES) begun = beginningOf(head);
    }
  }
  const { format, header, extent } = begun ?? beginningOf(head);
  const fault = format === 'qcow2' ? faultOfQcow2(header) : null;
  return {
    sha256: hash.digest('hex'),
    sizeBytes,
    format,
    virtualBytes: header?.virtualBytes ?? wholeSectors(sizeBytes),
    fault: fault ?? (extent?.isWhole() === false ? CUT_OFF : null),
  };
}

/** What the first bytes of a blob tell, and what follows the others of a qcow2. */
interface Beginning {
  readonly format: string;
  readonly header: Qcow2Header | undefined;
  readonly extent: Qcow2Extent | undefined;
}

function beginningOf(head: Buffer): Beginning {
  const header = readQcow2Header(head);
  const extent = header === undefined ? undefined : new Qcow2Extent(header);
  extent?.write(head);
  return { format: detectFormat(head), header, extent };
}
