import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout } from 'node:timers/promises';

import { openBlobs } from '../../../../blobs';
import { openApplication } from '../../../../application/application';
import { parseConfig } from '../../../../config';
import { memoryCore } from '../../../../testing/memory-core';
import { createHttpService } from '../../../http';
import { principalOf, tokens } from '../../../../application/core/testing/fake-core';
import { imageService } from '../image.service';

/** An image service over a log in memory, with blobs and read models in a temporary folder. */
export interface ImageCloud {
  readonly app: NestFastifyApplication;
  /** The state folder. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Tokens: `demo` and `other` are members of projects `p1` and `p2`, `reader` only reads in `p1`, `admin` may all. */
export async function startImageCloud({ imageMaxBytes = 1024 * 1024, imageQuotaMib = -1 } = {}): Promise<ImageCloud> {
  const authenticator = tokens({
    demo: principalOf('demo', 'p1', 'member'),
    other: principalOf('other', 'p2', 'member'),
    reader: principalOf('reader', 'p1', 'reader'),
    admin: principalOf('admin', 'p0', 'admin'),
  });
  const memory = await memoryCore({ authenticator });
  const { core, folder } = memory;
  const config = parseConfig({ stateDir: folder, imageMaxBytes, imageQuotaMib, ports: { image: 0 } });
  const app = await createHttpService(
    await openApplication({ ...core, config, blobs: await openBlobs(config) }),
    imageService(config),
  );
  const deadline = Date.now() + 10_000;
  while (!core.readModel.isReady() && Date.now() < deadline) await setTimeout(5);
  return {
    app,
    folder,
    close: async () => {
      await app.close();
      await memory.close();
    },
  };
}
