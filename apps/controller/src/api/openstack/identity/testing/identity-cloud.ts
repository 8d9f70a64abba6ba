import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApplication } from '../../../../application/application';
import { freePort } from '../../../../testing/free-port';
import { bootstrap } from '../../../../bootstrap/bootstrap';
import { parseConfig } from '../../../../config';
import { type MemoryCore, memoryCore } from '../../../../testing/memory-core';
import type { Core } from '../../../../application/core';
import { type RunningService, startHttpService } from '../../../http';
import { identityService } from '..';

export const PASSWORDS = { admin: 'admin-secret', demo: 'demo-secret' } as const;

/** A new cloud's identity service on a free port of the loopback, over a log in memory. */
export interface IdentityCloud {
  readonly core: Core;
  readonly memory: MemoryCore;
  readonly service: RunningService;
  close(): Promise<void>;
}

/**
 * @param settings further fields of the configuration
 * @param followed the log as the read models see it
 */
export async function identityCloud(
  given: Partial<Core> = {},
  settings: object = {},
  followed?: Parameters<typeof memoryCore>[1],
): Promise<IdentityCloud> {
  const memory = await memoryCore(given, followed);
  const passwordFiles = { admin: join(memory.folder, 'admin'), demo: join(memory.folder, 'demo') };
  await writeFile(passwordFiles.admin, PASSWORDS.admin);
  await writeFile(passwordFiles.demo, PASSWORDS.demo);
  const config = parseConfig({
    stateDir: memory.folder,
    passwordFiles,
    ports: { identity: await freePort() },
    ...settings,
  });
  const core = { ...memory.core, config };
  await bootstrap(core);
  await core.readModel.waitFor(await memory.store.head(), 5_000);
  const service = await startHttpService(await openApplication(core), identityService(config));
  const close = async (): Promise<void> => {
    await service.close();
    await memory.close();
  };
  return { core, memory, service, close };
}
