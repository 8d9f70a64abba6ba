import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  deriveId,
  type Power,
  type CommandOf,
  hostClaimId,
  type ImageRecord,
  type Instance,
  type StreamOf,
  streamRef,
  type Answer,
  type Category,
} from '@cairn/domain';
import { type GuestDiagnostics, noDiagnostics } from '@cairn/host-protocol';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Application, openApplication } from '../../../../application/application';
import { bootstrap } from '../../../../bootstrap/bootstrap';
import { parseConfig } from '../../../../config';
import { type CommandContext, type Executed, SYSTEM } from '../../../../runtime/ports';
import { ReplyBroker } from '../../../../runtime/replies';
import { systemClock } from '../../../../runtime/system-clock';
import { type MemoryCore, memoryCore } from '../../../../testing/memory-core';
import type { Authenticator } from '../../../../identity/authenticator';
import type { Core } from '../../../../application/core';
import { createHttpService } from '../../../http';
import { principalOf, tokens } from '../../../../application/core/testing/fake-core';
import { agentStarted, type Furnishing, image } from '../../../../../../../libs/domain/src/testing/model';
import { computeService } from '..';

export const HOST_ID = 'b1a9b1a9-0000-5000-8000-000000000001';
export const IMAGE_ID = '70a599e0-31e7-49b7-b260-868f441e862b';
export const GIB = 1024 ** 3;

/** `reader` may only look at p-t1, `admin` is an administrator of p-admin; every `t<number>` is a member of a project of its own. */
const TOKENS: Authenticator = {
  ...tokens({}),
  authenticate: (token) => {
    if (token === 'admin') return Promise.resolve(principalOf('u-admin', 'p-admin', 'admin', 'member', 'reader'));
    if (token === 'reader') return Promise.resolve(principalOf('u-reader', 'p-t1', 'reader'));
    if (token === 'unscoped') return Promise.resolve(principalOf('u-demo', null));
    const isTenant = /^t\d+$/.test(token);
    return Promise.resolve(isTenant ? principalOf(`u-${token}`, `p-${token}`, 'member', 'reader') : undefined);
  },
};

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: unknown;
  readonly text: string;
}

/** A compute service over a log in memory, with one host that is up, the first network, and one active image. */
export class ComputeCloud {
  private commands = 0;
  private tenants = 0;

  private constructor(
    readonly application: Application,
    readonly memory: MemoryCore,
    readonly app: NestFastifyApplication,
  ) {}

  get core(): Core {
    return this.application.core;
  }

  /** @param settings of the controller, over those of the tests */
  static async start(given: Partial<Core> = {}, settings: object = {}): Promise<ComputeCloud> {
    const memory = await memoryCore({ authenticator: TOKENS, ...given });
    const passwordFiles = { admin: join(memory.folder, 'admin'), demo: join(memory.folder, 'demo') };
    await writeFile(passwordFiles.admin, 'a');
    await writeFile(passwordFiles.demo, 'd');
    const hosts = [{ hostId: HOST_ID, name: 'node1' }];
    const own = { stateDir: memory.folder, passwordFiles, ports: { compute: 8774 }, cloud: { hosts } };
    const config = parseConfig({ ...own, ...settings });
    const core = { ...memory.core, config, replies: answeringBroker() };
    await bootstrap(core);
    const application = await openApplication(core);
    const cloud = new ComputeCloud(application, memory, await createHttpService(application, computeService(config)));
    await cloud.furnish([agentStarted(HOST_ID, 'boot-1', { hostname: 'node1.example.com' })]);
    await cloud.addImage(IMAGE_ID);
    await cloud.caughtUp();
    return cloud;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.memory.close();
  }

  /** The token of a member of a project that has nothing yet: `t1` is for the project p-t1. */
  tenant(): string {
    this.tenants += 1;
    return `t${String(this.tenants)}`;
  }

  /** A request as a client makes it; `path` begins behind `/v2.1/{project}`. */
  async ask(
    who: string,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return this.raw(method, `/v2.1/p-${who}${path}`, { 'x-auth-token': who, ...headers }, body);
  }

  /** With any URL and headers; a text is sent as it is, everything else as JSON. */
  async raw(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH',
    url: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<Reply> {
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.app.inject({
      method,
      url,
      headers: { host: 'localhost:8774', ...type, ...headers },
      ...payload,
    });
    const text = answer.body;
    return { status: answer.statusCode, headers: answer.headers, text, body: valueOf(text) };
  }

  execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
  ): Promise<Executed<Answer<C, M['type']>>> {
    this.commands += 1;
    return this.core.executor.execute(target, command, this.context(deriveId('test', this.commands)));
  }

  private context(commandId: string): CommandContext {
    return {
      commandId,
      actor: SYSTEM,
      api: 'test',
      requestId: 'req-test',
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: '2100-01-01T00:00:00.000Z',
    };
  }

  async caughtUp(): Promise<void> {
    const head = await this.memory.store.head();
    if (!(await this.core.readModel.waitFor(head, 10_000))) throw new Error('the read model did not catch up');
  }

  private async furnish(furnishings: readonly Furnishing[]): Promise<void> {
    for (const { target, command } of furnishings) await this.execute(target, command);
  }

  /** An image that is active unless told otherwise. */
  async addImage(imageId: string, given: Partial<ImageRecord> = {}, sizeBytes: number | null = GIB / 2): Promise<void> {
    const blob = sizeBytes === null ? null : { sizeBytes, sha256: 'ab', sha512: 'cd', md5: 'ef' };
    await this.furnish(image({ imageId, projectId: 'p-admin', ...given }, blob));
  }

  /** Does what scheduler, network and host do: afterwards the server is ACTIVE. */
  async finishLaunch(id: string): Promise<void> {
    const target = streamRef('instance', id);
    const chosen = { attempt: 1, hostId: HOST_ID, hostName: 'node1' };
    await this.execute(target, { type: 'RecordHostChosen', data: chosen });
    await this.execute(target, { type: 'RecordHostClaimed', data: { claimId: hostClaimId(id, 1) } });
    await this.allocate(id);
    const facts = { power: 'running', timings: {} } as const;
    await this.execute(target, { type: 'RecordLaunched', data: { generation: 1, facts, restarted: null } });
    await this.caughtUp();
  }

  /** Does what networks do: each interface that is asked for gets its address. */
  private async allocate(id: string): Promise<void> {
    const target = streamRef('instance', id);
    const { interfaces } = await this.core.executor.state(target);
    for (const { id: claimId, asked } of interfaces.filter(({ stage }) => stage === 'requested')) {
      const data = { claimId, owner: target, address: asked.address, notAfter: '2100-01-01T00:00:00.000Z' };
      const allocate = { type: 'AllocateAddress', data } as const;
      const { answer } = await this.execute(streamRef('network', asked.networkId), allocate);
      if (answer === undefined) throw new Error('no address was allocated');
      await this.execute(target, { type: 'RecordAddressAllocated', data: { claimId, ...answer } });
    }
  }

  /** Does what networks and the host do for the operation that is under way. */
  async finishOperation(id: string, power: Power): Promise<void> {
    const target = streamRef('instance', id);
    await this.allocate(id);
    const { operation } = await this.core.executor.state(target);
    const data = { operationId: operation?.operationId ?? '', facts: { power, timings: {} }, restarted: null };
    await this.execute(target, { type: 'RecordOperationDone', data });
    await this.caughtUp();
  }

  /** The server once an operation is under way. A request that waits for its end has no answer yet then. */
  async operating(id: string): Promise<Instance> {
    for (;;) {
      const state = await this.core.executor.latest(streamRef('instance', id));
      if (state.operation !== undefined) return state;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Does what the host does when it fails at the operation that is under way. */
  async failOperation(id: string, failure: { readonly code: string; readonly message: string }): Promise<void> {
    const target = streamRef('instance', id);
    const { operation } = await this.core.executor.state(target);
    const data = { operationId: operation?.operationId ?? '', ...failure };
    await this.execute(target, { type: 'RecordOperationFailed', data });
  }

  /** Does what quota, scheduler and host do for the move that is under way: both legs of it. */
  async finishMove(id: string): Promise<void> {
    const target = streamRef('instance', id);
    const { operation } = await this.core.executor.state(target);
    const operationId = operation?.operationId ?? '';
    const reserved = { operationId, amounts: { cores: 1, ram: 2048 } };
    await this.execute(target, { type: 'RecordReservationChanged', data: reserved });
    const chosen = { attempt: 1, hostId: HOST_ID, hostName: 'node1' };
    await this.execute(target, { type: 'RecordHostChosen', data: chosen });
    await this.execute(target, { type: 'RecordHostClaimed', data: { claimId: hostClaimId(operationId, 1) } });
    const facts = { power: 'running', timings: {} } as const;
    for (const leg of [0, 1])
      await this.execute(target, { type: 'RecordOperationDone', data: { operationId, leg, facts, restarted: null } });
    await this.caughtUp();
  }

  /** Gives back what a server still holds elsewhere, once its deletion was asked for: afterwards it is deleted. */
  async releaseDebts(id: string): Promise<void> {
    const target = streamRef('instance', id);
    const debtsOf = async (): Promise<Instance['debts']> => {
      const { debts, deletion } = await this.core.executor.state(target);
      return deletion === undefined ? [] : debts;
    };
    for (let looks = 0; looks < 1_000; looks += 1) {
      const debts = await debtsOf();
      for (const { id: debtId } of debts) await this.execute(target, { type: 'RecordReleased', data: { debtId } });
      if (debts.length > 0) return;
      await systemClock.sleep(5);
    }
    throw new Error(`nobody asked for the deletion of ${id}`);
  }

  /** Launches one server by the API. */
  async launch(who: string, server: object = {}): Promise<string> {
    const body = { server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, ...server } };
    const reply = await this.ask(who, 'POST', '/servers', body);
    if (reply.status !== 202) throw new Error(`launch: ${String(reply.status)} ${reply.text}`);
    return (reply.body as { server: { id: string } }).server.id;
  }

  /** The same, up to where it is ACTIVE. */
  async active(who: string, server: object = {}): Promise<string> {
    const id = await this.launch(who, server);
    await this.finishLaunch(id);
    return id;
  }
}

const DIAGNOSTICS: GuestDiagnostics = {
  ...noDiagnostics('running', 'simulated'),
  memoryMaxKb: 524_288,
  memoryUsedKb: 262_144,
  memory: { actual: 262_144 },
  cpus: [{ id: 0, timeNs: 17_300_000_000 }],
};

/** Hosts that answer every question at once. */
function answeringBroker(): ReplyBroker {
  const add = (hostId: string, id: string, { kind }: { readonly kind: string }): Promise<void> => {
    broker.resolve(hostId, id, kind === 'read-diagnostics' ? JSON.stringify(DIAGNOSTICS) : 'login:');
    return Promise.resolve();
  };
  const broker = new ReplyBroker({ add }, systemClock);
  return broker;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
