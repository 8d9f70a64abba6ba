import { setTimeout } from 'node:timers/promises';

import { type Asked, isRef, type Ref } from './asked';
import { Coverage } from './coverage';
import { FuzzCloud, type HttpReply, type HttpRequest, type Settings } from './fuzz-cloud';
import { collectionOf, type Operation, operationsOf, parametersOf } from './operations';
import { type Exchange, type Fault, faultOf } from './oracles';
import { type Rendered, rendered } from './rendered';
import { Things } from './things';

/** In real time: what takes longer hangs. */
const PATIENCE_MS = 60_000;
const HOUR_MS = 3_600_000;

const NO_ANSWER: Fault = { kind: 'no answer', detail: `none after ${String(PATIENCE_MS)} ms` };

/** It says which key a request had, whatever its answer, and changes nothing that anybody sees. */
const KEY_USED = 'request.key-used.v1';

/** Collections in which another project's things are to look as if they were not there. */
const PRIVATE = ['servers', 'os-server-groups', 'os-keypairs'];

/** One cloud and those who call it, with all that they have learnt. */
export class Run {
  readonly things = new Things();
  readonly coverage = new Coverage();
  /** As they were sent, for reports. */
  readonly sent: HttpRequest[] = [];
  private readonly byKey: ReadonlyMap<string, Operation>;

  private constructor(
    readonly cloud: FuzzCloud,
    readonly operations: readonly Operation[],
  ) {
    this.byKey = new Map(operations.map((operation) => [operation.key, operation]));
  }

  static async begin(settings: Settings): Promise<Run> {
    const cloud = await FuzzCloud.start(settings);
    return new Run(cloud, await operationsOf(cloud));
  }

  /** @throws Error for a key that no operation has. */
  operation(key: string): Operation {
    const operation = this.byKey.get(key);
    if (operation === undefined) throw new Error(`nothing is called ${key}`);
    return operation;
  }

  /** Makes the request, judges the answer, learns from it, and lets the cloud go on. */
  async perform(asked: Asked): Promise<Fault | undefined> {
    const { cloud } = this;
    cloud.errors.length = 0;
    const operation = this.operation(asked.operation);
    const request = rendered(asked, operation, cloud, this.things);
    const exchange = await this.exchanged(asked, operation, request);
    if (exchange === undefined) return NO_ANSWER;
    const fault = faultOf(exchange) ?? (await this.revealed(asked, operation, request, exchange.reply));
    if (fault !== undefined) return fault;
    this.learn(asked, operation, request, exchange.reply);
    return this.goOn(asked);
  }

  /** Makes requests at once, judges each answer, and lets the cloud go on. */
  async together(
    asked: readonly Asked[],
  ): Promise<{ readonly exchanges: readonly Exchange[]; readonly fault: Fault | undefined }> {
    this.cloud.errors.length = 0;
    const asking = asked.map((one) => {
      const operation = this.operation(one.operation);
      return this.exchanged(one, operation, rendered(one, operation, this.cloud, this.things));
    });
    const exchanges = (await Promise.all(asking)).filter((one) => one !== undefined);
    const missing = exchanges.length < asked.length ? NO_ANSWER : undefined;
    const fault = missing ?? exchanges.map(faultOf).find((one) => one !== undefined);
    return { exchanges, fault: fault ?? (await this.goOn({ then: 'settle' })) };
  }

  /** What no single answer shows. */
  async ending(): Promise<Fault | undefined> {
    await this.cloud.settle();
    const [row] = await this.cloud.wrongRows();
    return row === undefined ? undefined : { kind: 'a row that no event explains', detail: row };
  }

  close(): Promise<void> {
    return this.cloud.close();
  }

  /** A request, its answer and what it did; undefined where no answer comes. */
  private async exchanged(asked: Asked, operation: Operation, { http }: Rendered): Promise<Exchange | undefined> {
    const { cloud } = this;
    const from = cloud.length;
    const before = process.cpuUsage();
    const reply = await this.answer(http);
    if (reply === undefined) return undefined;
    const { user, system } = process.cpuUsage(before);
    const appended = cloud.eventsOf(String(reply.headers['x-openstack-request-id']), from);
    const events = appended.filter(({ type }) => type !== KEY_USED);
    this.coverage.note(operation.key, reply.status);
    return { asked, operation, reply, events, errors: [...cloud.errors], cpuMs: (user + system) / 1e3 };
  }

  /** The answer; undefined where none comes. */
  private async answer(http: HttpRequest): Promise<HttpReply | undefined> {
    this.sent.push(http);
    const over = new AbortController();
    const late = setTimeout(PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    try {
      return await Promise.race([this.cloud.send(http), late]);
    } finally {
      over.abort();
    }
  }

  /** Of another project's thing nobody may learn more than of one that there is not. */
  private async revealed(
    asked: Asked,
    operation: Operation,
    request: Rendered,
    reply: HttpReply,
  ): Promise<Fault | undefined> {
    if (asked.who !== 'member' && asked.who !== 'other') return undefined;
    const isForeign = (param: Ref | string): param is Ref =>
      isRef(param) && param.whose === 'other' && PRIVATE.includes(param.$ref);
    if (!asked.params.some(isForeign)) return undefined;
    const params = asked.params.map((param) => (isForeign(param) ? { ...param, whose: 'unknown' as const } : param));
    const twin = rendered({ ...asked, params }, operation, this.cloud, this.things);
    const other = await this.answer(twin.http);
    const of = (one: HttpReply | undefined, ids: readonly string[]): string =>
      ids.reduce((text, id) => text.replaceAll(id, 'ID'), `${String(one?.status)} ${one?.text ?? ''}`);
    const [foreign, unknown] = [of(reply, request.ids), of(other, twin.ids)];
    return foreign === unknown
      ? undefined
      : { kind: "another project's thing shows", detail: `${foreign.slice(0, 300)} but ${unknown.slice(0, 300)}` };
  }

  private learn({ who }: Asked, { writes }: Operation, { http, ids, url }: Rendered, reply: HttpReply): void {
    if (reply.status >= 400) return;
    const project = this.cloud.callers.projectOf(who);
    const token = reply.headers['x-subject-token'];
    if (typeof token === 'string') this.things.note('tokens', token, undefined, undefined);
    const last = parametersOf(url).at(-1)?.collection ?? '';
    if (http.method === 'DELETE') this.things.forget(last, ids.at(-1) ?? '');
    if (http.method === 'PUT' && ids.length > 1) this.things.note(last, ids.at(-1) ?? '', ids.at(-2), project);
    const collection = collectionOf(url);
    // of tokens only the headers tell
    const isList =
      collection !== undefined &&
      collection !== 'tokens' &&
      (!writes || http.method === 'POST' || http.method === 'PUT');
    if (!isList || !String(reply.headers['content-type']).includes('json') || reply.text === '') return;
    this.things.learn(collection, ids.at(-1), project, JSON.parse(reply.text) as unknown);
  }

  private async goOn({ then }: Pick<Asked, 'then'>): Promise<Fault | undefined> {
    const { hosts, errors } = this.cloud;
    if (then !== 'nothing') {
      hosts.trouble(then === 'refused' || then === 'impossible' ? then : undefined);
      await this.cloud.settle(then === 'hours' ? HOUR_MS : 1_000);
      hosts.trouble(undefined);
    }
    const [error] = errors;
    return error === undefined ? undefined : { kind: 'an error in the log, later', detail: error };
  }
}
