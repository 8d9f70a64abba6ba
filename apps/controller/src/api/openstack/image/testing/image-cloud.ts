import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryEventStore } from '@cairn/event-store';
import { openReadModel, type ReadModel } from '@cairn/projections';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { parseConfig } from '../../../../config';
import { CommandExecutor } from '../../../../runtime/execute';
import type { Clock } from '../../../../runtime/ports';
import { Snapshots } from '../../../../runtime/snapshots';
import { createHttpService } from '../../../http';
import { fakeCore, principalOf, tokens } from '../../../http/testing/fake-core';
import { imageService } from '../image.service';

const clock: Clock = {
  now: () => new Date().toISOString(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
};

/** An image service over a log in memory, with blobs and read models in a temporary folder. */
export interface ImageCloud {
  readonly app: NestFastifyApplication;
  readonly readModel: ReadModel;
  readonly executor: CommandExecutor;
  readonly directory: string;
  close(): Promise<void>;
}

/** Tokens: `demo` and `other` are members of projects `p1` and `p2`, `reader` only reads in `p1`, `admin` may all. */
export async function startImageCloud(imageMaxBytes = 1024 * 1024): Promise<ImageCloud> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-image-'));
  const store = new MemoryEventStore(() => clock.now());
  const snapshots = new Snapshots(store, () => undefined);
  const executor = new CommandExecutor({ store, clock, snapshots, commandHash: (text) => String(text.length) });
  const logger = { info: () => undefined, error: () => undefined };
  const readModel = await openReadModel({ directory: join(directory, 'read'), log: store, timer: clock, logger });
  const authenticator = tokens({
    demo: principalOf('demo', 'p1', 'member'),
    other: principalOf('other', 'p2', 'member'),
    reader: principalOf('reader', 'p1', 'reader'),
    admin: principalOf('admin', 'p0', 'admin'),
  });
  const config = parseConfig({ stateDir: directory, imageMaxBytes, ports: { image: 0 } });
  const core = fakeCore({ config, executor, readModel, authenticator, clock });
  const app = await createHttpService(core, imageService(config));
  const deadline = Date.now() + 10_000;
  while (!readModel.isReady() && Date.now() < deadline) await setTimeout(5);
  return {
    app,
    readModel,
    executor,
    directory,
    async close() {
      await app.close();
      await readModel.close();
      await rm(directory, { recursive: true });
    },
  };
}
