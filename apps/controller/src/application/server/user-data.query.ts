import { Inject, Injectable } from '@nestjs/common';
import { streamRef } from '@cairn/domain';
import type { Keyring } from '../../keyring';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from '../core';
import { userDataAt } from './secrets';

/** Only the log holds user data, sealed. */
@Injectable()
export class UserDataQuery {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /** User data by server, in base64. Leaves out servers whose user data nobody can decrypt any more. */
  async of(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all(
      ids.map(async (id): Promise<readonly [string, string] | null> => {
        const { request } = await this.executor.state(streamRef('instance', id));
        const sealed = request?.userData ?? null;
        const opened = sealed === null ? undefined : await this.keyring.open(sealed, userDataAt(id));
        return opened === undefined ? null : [id, opened.toString('base64')];
      }),
    );
    return new Map(found.filter((entry) => entry !== null));
  }
}
