import type Redis from 'ioredis';

import { noted } from '../../apps/eventstore/src/testing/client';
import { type CallerLogin, endingOf, StoreCaller } from '../../apps/eventstore/src/testing/store-caller';
import { endings, type HostHoldings, redisAs, type Tries } from './second-machine';

/** What {@link HostCallers.reachOf} says of who may do nothing any more. */
export const NO_REACH = { read: 'denied', append: 'denied', redis: 'denied' };

/** Callers of store and queue with what a host holds, or with other logins; all are closed at the end. */
export class HostCallers {
  private readonly callers: StoreCaller[] = [];
  private readonly connections: Redis[] = [];

  constructor(private readonly held: () => HostHoldings) {}

  readonly storeCaller = (login: Partial<CallerLogin> = {}, url = this.held().storeUrl): StoreCaller => {
    const { login: ofHost, storePassword: password, storeAuthorityFile: caFile } = this.held();
    const caller = new StoreCaller(url, { login: ofHost, password, caFile, ...login });
    this.callers.push(caller);
    return caller;
  };

  readonly connect = async (
    { username = 'default', password }: { username?: string; password?: string },
    { url = this.held().config.redisUrl, ca = [this.held().authority] } = {},
  ): Promise<Redis> => {
    const connection = redisAs(url, url.startsWith('rediss:') ? { ca } : undefined);
    this.connections.push(connection);
    await connection.connect();
    // Not by ioredis' own options: with a password that is refused it drops the connection and does not say why.
    if (password !== undefined) await connection.auth(username, password);
    await connection.ping();
    return connection;
  };

  /** What the holder of these is told by clients that it makes now. */
  reachOf(had: HostHoldings): Promise<Record<string, string>> {
    const caller = this.storeCaller({ login: had.login, password: had.storePassword });
    const own = `agent-${had.hostId}`;
    const tries: Tries = {
      read: () => caller.read(own),
      append: () => caller.client.appendToStream(own, noted(1)),
      redis: () => this.connect({ username: had.config.redisUser, password: had.redisPassword }),
    };
    return endings(tries, (error) => (/WRONGPASS|NOAUTH/.test(String(error)) ? 'denied' : endingOf(error)));
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.disconnect();
    for (const caller of this.callers) await caller.close();
  }
}
