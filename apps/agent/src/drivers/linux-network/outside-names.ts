import { join } from 'node:path';

import type { HostName, HostNames } from '@cairn/host-protocol';

import type { Log } from '../../ports/log.port';

import { JsonTable, keepNewest } from './json-table';

/** The only key of the table. */
export const CLOUD = 'cloud';

/** What the host was told of names that guests of every network may ask for: `names/cloud.json`. */
export const keptNames = (directory: string, log?: Log): JsonTable<HostNames> =>
  new JsonTable(join(directory, 'names'), log);

/** Names beside those of a network's guests, such as those of floating IPs. */
export class OutsideNames {
  private readonly known: JsonTable<HostNames>;

  constructor(directory: string, log: Log) {
    this.known = keptNames(directory, log);
  }

  /** @returns whether they are the newest that are known. */
  save(names: HostNames): Promise<boolean> {
    return keepNewest(this.known, CLOUD, names);
  }

  async all(): Promise<readonly HostName[]> {
    return (await this.known.get(CLOUD))?.names ?? [];
  }
}
