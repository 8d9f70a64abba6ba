import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';

import { ran, type Ran } from './cloud';

interface AgentConfig {
  readonly hosts: readonly [{ readonly hostId: string; readonly name: string }];
  readonly controllerUrl: string;
  readonly redisUrl: string;
  readonly redisUser: string;
  readonly eventStoreUrl: string;
  readonly eventStoreLogin: { readonly user: string };
}

/** What a machine holds that has joined a cloud: all that somebody gets who takes it over. */
export interface HostHoldings {
  readonly config: AgentConfig;
  readonly hostId: string;
  /** Of the store; of Redis it is `config.redisUser`. */
  readonly login: string;
  /** The store's address, and the authority that it is believed by. */
  readonly storeUrl: string;
  readonly storeAuthorityFile: string;
  readonly storePassword: string;
  readonly redisPassword: string;
  readonly token: string;
  readonly authority: string;
  readonly authorityFile: string;
  readonly certificate: string;
  readonly key: string;
}

/** Another machine, as far as one machine can be two: a state folder of its own, and nothing of the cloud's settings. */
export class SecondMachine {
  readonly state = mkdtempSync(join(tmpdir(), 'cairn-e2e-second-'));

  /** `./cairn host join`, given the token by standard input as by a person. */
  join(url: string, token: string): Promise<Ran> {
    return this.cairn(['host', 'join', url, '--simulated'], `${token}\n`);
  }

  async up(): Promise<void> {
    const ran = await this.cairn(['host', 'up']);
    if (ran.status !== 0) throw new Error(`the host did not start:\n${ran.stdout}\n${ran.stderr}`);
  }

  async down(): Promise<void> {
    await this.cairn(['host', 'down']);
  }

  /** Ends the agent and removes the state; with CAIRN_KEEP set the state stays, to look at its logs. */
  async destroy(): Promise<void> {
    await this.down();
    if (process.env['CAIRN_KEEP'] !== undefined) console.info(`the state stays in ${this.state}`);
    else rmSync(this.state, { recursive: true, force: true });
  }

  holdings(): HostHoldings {
    const path = (name: string): string => join(this.state, 'host', name);
    const text = (name: string): string => readFileSync(path(name), 'utf8').trim();
    const config = JSON.parse(text('agent.json')) as AgentConfig;
    const [, storeUrl = '', , authorityOfStore] =
      /^([^?]+\?tls=true)(&tlsCAFile=(.*))?$/.exec(config.eventStoreUrl) ?? [];
    return {
      config,
      hostId: config.hosts[0].hostId,
      login: config.eventStoreLogin.user,
      storeUrl,
      storeAuthorityFile: authorityOfStore === undefined ? path('authority.pem') : decodeURIComponent(authorityOfStore),
      storePassword: text('eventstore.password'),
      redisPassword: text('redis.password'),
      token: text('token'),
      authority: text('authority.pem'),
      authorityFile: path('authority.pem'),
      certificate: text('host.pem'),
      key: text('host.key'),
    };
  }

  private cairn(args: readonly string[], input = ''): Promise<Ran> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(CAIRN_|EVENTSTORE_)/.test(name));
    const env = { ...Object.fromEntries(inherited), CAIRN_STATE: this.state };
    return ran('cairn', args, { env, timeoutMs: 240_000, input });
  }
}

/** A connection that is not made again when it ends: an ended one is what some of the tests are about. */
export function redisAs(url: string, tls?: { readonly ca: string[] }): Redis {
  const redis = new Redis(url, {
    ...(tls === undefined ? {} : { tls }),
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined); // told by what was asked
  return redis;
}

/** The status of the controller's answer; -1 where there is not even a connection. */
export function statusOf(
  url: string,
  { hostId, token }: Pick<HostHoldings, 'hostId' | 'token'>,
  tls: Pick<https.RequestOptions, 'ca' | 'cert' | 'key'>,
): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'x-cairn-host': hostId };
  return new Promise((done) => {
    const request = https.get(url, { ...tls, headers, agent: false, timeout: 10_000 }, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      done(-1);
    });
  });
}

/** Things to try, by name. */
export type Tries = Readonly<Record<string, () => Promise<unknown>>>;

export const together = (lists: readonly Tries[]): Tries =>
  Object.fromEntries(lists.flatMap(Object.entries<Tries[string]>));

/** How each of these ends, in order that one look at the difference shows what should not have been. */
export async function endings(tries: Tries, ending: (error: unknown) => string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [what, attempt] of Object.entries(tries)) {
    found[what] = await attempt().then(
      (answer) => `allowed: ${String(answer)}`,
      (error: unknown) => ending(error),
    );
  }
  return found;
}

/** The same names, each with that ending. */
export const all = (tries: Readonly<Record<string, unknown>>, ending: string): Record<string, string> =>
  Object.fromEntries(Object.keys(tries).map((what) => [what, ending]));
