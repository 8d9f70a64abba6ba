import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf } from '@cairn/os';

import type { CacheMode } from './domain-xml';

/** `none` where the file system of this image can be read past the page cache, else `writeback` (tmpfs of old kernels, some overlays). */
export async function cacheModeFor(image: string): Promise<CacheMode> {
  try {
    const handle = await open(image, constants.O_RDONLY | constants.O_DIRECT);
    await handle.close();
    return 'none';
  } catch (error) {
    if (codeOf(error) === 'EINVAL') return 'writeback';
    throw error;
  }
}
