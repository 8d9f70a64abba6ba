import { ImageRow, type ReadModel } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';

import { inSteps } from '../../blobs';
import type { ControllerConfig } from '../../config';
import type { Executor } from '../../runtime/ports';
import { CONFIG, EXECUTOR, READ_MODEL } from '../core';
import { projectLimit } from '../quota/project-limit';

const RESOURCE = 'image_size_total';
const MIB = 1024 * 1024;

/** The data would take the project's images beyond its quota. Nothing of it is kept. */
export class ImageQuotaFull extends Error {
  constructor(
    readonly bytes: number,
    readonly remaining: number,
  ) {
    super(`the size of the data ${String(bytes)} will exceed the limit: ${String(remaining)} bytes remain`);
  }
}

interface Arriving {
  /** What was announced, or what has come if that is more. */
  bytes: number;
  /** Why no more of it is taken. */
  refusal?: unknown;
}

/**
 * What the images of a project may take on disk. The images are counted by the read model, as Glance counts by its
 * database, and with them what is on its way through this process: uploads at the same time share what remains.
 */
@Injectable()
export class ImageQuota {
  private readonly arriving = new Map<string, Set<Arriving>>();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'imageQuotaMib'>,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /**
   * Lets bytes arrive while the work lasts; when it is done they are an image's, or gone.
   * @param announced bytes that are said to come
   * @throws ImageQuotaFull before the first byte when the announced ones are too many; also what `work` throws, which
   *   gets it while it reads more than the quota allows.
   */
  async during<T>(
    projectId: string,
    announced: number,
    work: (metered: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const own: Arriving = { bytes: announced };
    const all = this.arriving.get(projectId) ?? new Set();
    this.arriving.set(projectId, all.add(own));
    try {
      await this.require(projectId, own);
      return await work((bytes) => this.metered(projectId, own, bytes));
    } catch (error) {
      throw own.refusal ?? error; // the reader of the bytes may take it for an error of the sender
    } finally {
      all.delete(own);
      if (all.size === 0) this.arriving.delete(projectId);
    }
  }

  private async *metered(
    projectId: string,
    own: Arriving,
    bytes: AsyncIterable<Uint8Array>,
  ): AsyncIterable<Uint8Array> {
    const come = yield* inSteps(bytes, (come) => this.stillAllowed(projectId, own, come));
    await this.stillAllowed(projectId, own, come);
  }

  private async stillAllowed(projectId: string, own: Arriving, come: number): Promise<void> {
    if (come <= own.bytes) return; // announced, and so counted for everybody already
    own.bytes = come;
    try {
      await this.require(projectId, own);
    } catch (error) {
      own.refusal = error;
      throw error;
    }
  }

  /** @throws ImageQuotaFull */
  private async require(projectId: string, own: Arriving): Promise<void> {
    const limit = await this.limit(projectId);
    if (limit < 0) return;
    const stored = await this.stored(projectId);
    let others = 0;
    for (const one of this.arriving.get(projectId) ?? []) if (one !== own) others += one.bytes;
    const remaining = Math.max(0, limit - stored - others);
    if (own.bytes > remaining) throw new ImageQuotaFull(own.bytes, remaining);
  }

  private stored(projectId: string): Promise<number> {
    return this.readModel.read(async (rows) => {
      const images = rows.createQueryBuilder(ImageRow, 'image').select('SUM(image.sizeBytes)', 'total');
      const owned = images.where({ projectId, status: 'active' });
      const found = await owned.getRawOne<{ readonly total: number | string | null }>();
      return Number(found?.total ?? 0);
    });
  }

  /** In bytes; negative for none. */
  private async limit(projectId: string): Promise<number> {
    const defaults = { [RESOURCE]: this.config.imageQuotaMib };
    return (await projectLimit(this.executor, projectId, RESOURCE, defaults)) * MIB;
  }
}
