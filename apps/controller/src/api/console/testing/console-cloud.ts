import { later, own } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import type { ConsoleKind } from '@cairn/host-protocol';
import { on, once } from 'node:events';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

import { principalOf, tokens } from '../../../application/core/testing/fake-core';
import type { Principal } from '../../../identity/authenticator';
import { NoConsole } from '../../../runtime/console-broker';
import type { Clock } from '../../../runtime/ports';
import { systemClock } from '../../../runtime/system-clock';
import { startHttpService, type RunningService } from '../../http';
import { ComputeCloud, IMAGE_ID, type Reply } from '../../openstack/compute/testing/compute-cloud';
import { microversion } from '../../openstack/compute/testing/microversion';
import { consoleService } from '../console.service';

/** Waits of the service pass so many times faster. */
const HASTE = 50;

const LATEST = microversion('latest');

/** What the websocket of a refused client learns. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A compute service, its console service, and hosts whose guests greet and echo. */
export class ConsoleCloud {
  /** By their tokens. */
  principals: Readonly<Record<string, Principal>> = {};
  /** What is added to the time of day. */
  aheadMs = 0;
  /** Streams of guests that were opened, the newest last. */
  readonly guests: Duplex[] = [];
  /** Of the next console that is asked of a host; undefined: it greets and echoes. */
  nextGuest: (() => Promise<Duplex>) | undefined;
  private readonly clients = new Set<WebSocket>();

  private constructor(
    readonly compute: ComputeCloud,
    readonly service: RunningService,
  ) {}

  static async start(settings: object = {}): Promise<ConsoleCloud> {
    const made: { cloud?: ConsoleCloud } = {};
    const cloudOf = (): ConsoleCloud => {
      if (made.cloud === undefined) throw new Error('the cloud has not started');
      return made.cloud;
    };
    const clock: Clock = {
      now: () => later(systemClock.now(), made.cloud?.aheadMs ?? 0),
      sleep: (ms, signal) => systemClock.sleep(ms / HASTE, signal),
    };
    const compute = await ComputeCloud.start(
      {
        clock,
        authenticator: { ...tokens({}), authenticate: (token) => Promise.resolve(own(cloudOf().principals, token)) },
        consoles: { open: (_host, { id }, kind) => cloudOf().guest(id, kind), waitingFor: () => undefined },
      },
      settings,
    );
    const definition = { ...consoleService(compute.core.config), port: 0 };
    made.cloud = new ConsoleCloud(compute, await startHttpService(compute.application, definition));
    await made.cloud.enlist();
    return made.cloud;
  }

  /** The users of the first start, by whose streams tokens of consoles are judged. */
  private async enlist(): Promise<void> {
    const idsOf = async (name: string): Promise<readonly [string, string]> => {
      const ref = { name, domainId: 'default' };
      const [user, project] = [
        await this.compute.core.directory.user(ref),
        await this.compute.core.directory.project(ref),
      ];
      return [user?.record?.userId ?? '', project?.record?.projectId ?? ''];
    };
    const unlimited = { quota_set: { instances: -1, cores: -1, ram: -1 } };
    const [demo, admin] = [await idsOf('demo'), await idsOf('admin')];
    this.principals = {
      tenant: principalOf(...demo, 'member', 'reader'),
      reader: principalOf(...demo, 'reader'),
      other: principalOf('c'.repeat(32), 'd'.repeat(32), 'member', 'reader'),
      admin: principalOf(...admin, 'admin', 'member', 'reader'),
    };
    await this.ask('admin', 'PUT', `/os-quota-sets/${demo[1]}`, unlimited, {});
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.terminate();
    await this.service.close();
    await this.compute.close();
  }

  /** A server that is ACTIVE. */
  async server(): Promise<string> {
    const body = { server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID } };
    const reply = await this.ask('tenant', 'POST', '/servers', body, {});
    if (reply.status !== 202) throw new Error(reply.text);
    const { id } = (reply.body as { server: { id: string } }).server;
    await this.compute.finishLaunch(id);
    return id;
  }

  ask(
    who: string,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    headers: object = LATEST,
  ): Promise<Reply> {
    return this.compute.raw(method, `/v2.1${path}`, { 'x-auth-token': who, ...headers }, body);
  }

  /** The URL that a client is told, of a protocol and type. */
  async url(id: string, protocol = 'vnc', type = 'novnc', who = 'tenant'): Promise<URL> {
    const asked = { remote_console: { protocol, type } };
    const reply = await this.ask(who, 'POST', `/servers/${id}/remote-consoles`, asked);
    if (reply.status !== 200) throw new Error(reply.text);
    return new URL((reply.body as { remote_console: { url: string } }).remote_console.url);
  }

  async token(id: string, protocol = 'vnc', type = 'novnc', who = 'tenant'): Promise<string> {
    const { searchParams } = await this.url(id, protocol, type, who);
    return searchParams.get('token') ?? new URLSearchParams(searchParams.get('path') ?? '').get('token') ?? '';
  }

  /** @throws Refused */
  async connect(token: string, { path = `/?token=${token}`, ...options }: Connecting = {}): Promise<WebSocket> {
    const client = new WebSocket(`${this.service.url.replace('http', 'ws')}${path}`, ['binary'], options);
    this.clients.add(client);
    inboxes.set(client, on(client, 'message'));
    const refused = new Promise<never>((_resolve, reject) => {
      client.on('unexpected-response', (_request, answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => {
          client.terminate();
          reject(new Refused(answer.statusCode ?? 0, text));
        });
      });
      client.on('error', reject);
    });
    await Promise.race([once(client, 'open'), refused]);
    return client;
  }

  /** Events of a server's consoles. */
  events(id: string): readonly RecordedEvent[] {
    return this.compute.memory.store.all().filter(({ stream }) => stream === `console-${id}`);
  }

  private async guest(id: string, kind: ConsoleKind): Promise<Duplex> {
    const open = this.nextGuest ?? (() => Promise.resolve(echo(`${kind} of ${id}\n`)));
    this.nextGuest = undefined;
    const stream = await open();
    this.guests.push(stream);
    return stream;
  }
}

interface Connecting {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
}

const inboxes = new WeakMap<WebSocket, AsyncIterator<unknown[]>>();

/** The next message of a websocket. */
export async function said(client: WebSocket): Promise<string> {
  const next = await inboxes.get(client)?.next();
  const [data] = (next?.value ?? []) as Buffer[];
  return data?.toString() ?? '';
}

/** With what code and words a websocket was closed. */
export async function closing(client: WebSocket): Promise<readonly [number, string]> {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

export const noConsole = (why: string) => (): Promise<Duplex> => Promise.reject(new NoConsole(why));

const echo = (greeting: string): Duplex =>
  Duplex.from(async function* (source: AsyncIterable<Buffer>) {
    yield Buffer.from(greeting);
    for await (const chunk of source) yield Buffer.from(chunk);
  });
