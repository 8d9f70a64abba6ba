import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RecordedEvent } from '@cairn/event-store';
import type { LogFields } from '@cairn/log';

import { openApplication } from '../../apps/controller/src/application/application';
import type { Core } from '../../apps/controller/src/application/core';
import { bootstrap } from '../../apps/controller/src/bootstrap/bootstrap';
import { verifyRows } from '../../apps/controller/src/cli/verify-rows';
import { parseConfig } from '../../apps/controller/src/config';
import { hostToken } from '../../apps/controller/src/host-token';
import { type Log, silentLog } from '../../apps/controller/src/log';
import { AuditedExecutor } from '../../apps/controller/src/runtime/audit';
import { ReplyBroker } from '../../apps/controller/src/runtime/replies';
import type { Random as Randomness } from '../../apps/controller/src/random';
import type { Clock } from '../../apps/controller/src/runtime/ports';
import { systemClock } from '../../apps/controller/src/runtime/system-clock';
import { type MemoryCore, memoryCore } from '../../apps/controller/src/testing/memory-core';
import { everyService } from '../docs/api/every-service';
import { VirtualTime } from '../sim/clock';
import { Random } from '../sim/random';
import { Callers, type IdsByName } from './callers';
import { Hosts, HOSTS, Processes } from './processes';
import { WaitedFor } from './waited-for';

export interface HttpRequest {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: Buffer;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** How clouds differ: settings of the controller, and whether hosts have room for whatever is launched. */
export interface Settings {
  readonly reclaimInstanceIntervalSeconds?: number;
  readonly shelvedOffloadSeconds?: number;
  readonly roomy?: boolean;
}

/** How long the read models may take to show what was appended, in real time: only what never comes takes so long. */
const ROWS_PATIENCE_MS = 60_000;

/** How much time passes while a request waits for processes and hosts, before it is looked whether it still does. */
const WAIT_MS = 100;

/**
 * A whole controller over a log in memory: all its HTTP services, its real processes, and hosts whose drivers are
 * simulated. Nothing listens, and time passes only when the test says so.
 */
export class FuzzCloud {
  private constructor(
    private readonly memory: MemoryCore,
    private readonly core: Core,
    readonly callers: Callers,
    readonly apps: ReadonlyMap<string, NestFastifyApplication>,
    readonly hosts: Hosts,
    private readonly processes: Processes,
    private readonly clock: WaitedFor,
    /** What the controller has logged as an error, each with its cause. */
    readonly errors: string[],
    private readonly closing: () => Promise<void>,
  ) {}

  static async start({ roomy = false, ...settings }: Settings = {}): Promise<FuzzCloud> {
    const time = new VirtualTime();
    const memory = await memoryCore({
      clock: { now: () => time.iso, sleep: (ms, signal) => systemClock.sleep(ms, signal) },
    });
    const [errors, hosts] = [[] as string[], new Hosts(roomy)];
    const secret = (): string => hostToken(memory.core.keyring, HOSTS['node1'] ?? '');
    const callers = new Callers(HOSTS['node1'] ?? '', secret);
    const clock = new WaitedFor(time);
    const core = await coreOf({ memory, settings, hosts, callers, clock, log: noting(errors) });
    await bootstrap(core);
    const application = await openApplication(core);
    const apps = await everyService(application);
    await hosts.start(memory, core.replies, time);
    const processes = new Processes(memory, core, hosts, time);
    const cloud = new FuzzCloud(memory, core, callers, apps, hosts, processes, clock, errors, async () => {
      processes.end();
      for (const app of apps.values()) await app.close();
      await application.close();
      await memory.close();
    });
    await cloud.settle();
    return cloud;
  }

  /** The answer. What waits for processes and hosts, as the deletion of a shelved server does, finds them at work. */
  async send(request: HttpRequest): Promise<HttpReply> {
    let isOver = false;
    const asking = this.inject(request).finally(() => (isOver = true));
    const over = (): boolean => isOver;
    while (!over()) {
      await Promise.race([asking, this.clock.untilSomeoneSleeps()]);
      if (!over()) await this.settle(WAIT_MS);
    }
    return asking;
  }

  private async inject({ service, method, url, headers, payload }: HttpRequest): Promise<HttpReply> {
    const app = this.apps.get(service);
    if (app === undefined) throw new Error(`there is no service ${service}`);
    const reply = await app.inject({
      method: method as 'GET',
      url,
      headers: { host: 'localhost', ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: reply.statusCode, headers: reply.headers, text: reply.body };
  }

  /** What the administrator is answered; then what follows from it happens. @throws Error for a refusal */
  async administer(service: string, method: string, url: string, body?: object): Promise<unknown> {
    const payload = body === undefined ? {} : { payload: Buffer.from(JSON.stringify(body)) };
    const headers = { ...this.callers.credentials('admin'), 'content-type': 'application/json' };
    const { status, text } = await this.send({ service, method, url, headers, ...payload });
    if (status >= 300) throw new Error(`${method} ${url}: ${String(status)} ${text}`);
    await this.settle();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Processes and hosts do what there is to do, then that much time passes. The rows show it all. */
  async settle(ms = 1_000): Promise<void> {
    await this.processes.settle(ms);
    await this.caughtUp();
  }

  private async caughtUp(): Promise<void> {
    const head = await this.memory.store.head();
    if (!(await this.core.readModel.waitFor(head, ROWS_PATIENCE_MS)))
      throw new Error('the read models did not catch up');
  }

  /** How many events there are: a place to look from for later ones. */
  get length(): number {
    return this.memory.store.all().length;
  }

  /** What one request has appended to streams that are not the audit's, from a place on. */
  eventsOf(requestId: string, from: number): readonly RecordedEvent[] {
    const since = this.memory.store.all().slice(from);
    return since.filter(({ stream, metadata }) => metadata['requestId'] === requestId && !stream.startsWith('audit-'));
  }

  /** Rows that are not what the log says; none when all is well. */
  async wrongRows(): Promise<readonly string[]> {
    const { store, database } = this.memory;
    await this.caughtUp();
    const lines: string[] = [];
    const status = await verifyRows(store, database, (line) => lines.push(line));
    return status === 0 ? [] : lines;
  }

  close(): Promise<void> {
    return this.closing();
  }
}

type Named = { readonly id: string; readonly name: string };

/** Lets the callers be the users of their names, in the projects that there are. */
export async function introduce(cloud: FuzzCloud): Promise<IdsByName> {
  const list = async (collection: string): Promise<Readonly<Record<string, string>>> => {
    const answer = (await cloud.administer('identity', 'GET', `/v3/${collection}`)) as Record<string, Named[]>;
    return Object.fromEntries((answer[collection] ?? []).map(({ id, name }) => [name, id]));
  };
  const ids = { users: await list('users'), projects: await list('projects') };
  cloud.callers.settle(ids);
  return ids;
}

/** The same ids in the same order in every cloud: lists are ordered by them where times are equal. */
function sameEachTime(): Randomness {
  const random = new Random('ids');
  return {
    uuid: () => random.uuid(),
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => random.int(0, 255))),
  };
}

interface CoreParts {
  readonly memory: MemoryCore;
  readonly settings: Omit<Settings, 'roomy'>;
  readonly hosts: Hosts;
  readonly callers: Callers;
  readonly clock: Clock;
  readonly log: Log;
}

async function coreOf({ memory, settings, hosts, callers, clock, log }: CoreParts): Promise<Core> {
  const { core, store, folder, authenticator } = memory;
  const passwordFiles = { admin: join(folder, 'admin'), demo: join(folder, 'demo') };
  for (const file of Object.values(passwordFiles)) await writeFile(file, 'secret');
  const config = parseConfig({
    stateDir: folder,
    passwordFiles,
    imageMaxBytes: 1024 * 1024,
    cloud: { hosts: Object.entries(HOSTS).map(([name, hostId]) => ({ name, hostId })) },
    ...settings,
  });
  const audited = new AuditedExecutor(core.executor, store, core.clock, log);
  return {
    ...core,
    config,
    log,
    clock,
    random: sameEachTime(),
    executor: audited,
    audit: audited,
    hostQueue: hosts,
    replies: new ReplyBroker(hosts, clock),
    authenticator: {
      authenticate: (token) => {
        const known = callers.principal(token);
        return known === undefined ? authenticator.authenticate(token) : Promise.resolve(known);
      },
      issue: (request) => authenticator.issue(request),
    },
  };
}

/** Keeps errors, with the cause that is their reason. */
function noting(errors: string[]): Log {
  const log: Log = {
    ...silentLog,
    error: (message: string, fields: LogFields = {}) => {
      const { error, ...others } = fields as { readonly error?: unknown };
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      errors.push(`${message} ${JSON.stringify(others)}\n${why}`);
    },
    with: () => log,
  };
  return log;
}
