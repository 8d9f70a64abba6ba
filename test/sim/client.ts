import { DomainError, type Message, type StreamRef, streamName } from '@cairn/domain';

import type { CommandContext, Executed } from '../../apps/controller/src/runtime/ports';

import type { ControllerSite, Front } from './controller';
import { brief, never } from './processes';
import type { Random } from './random';
import type { Surroundings } from './surroundings';

/** What a tenant was told to have happened. */
export interface Receipt {
  readonly stream: string;
  readonly commandId: string;
  /** False where nothing had to be changed. */
  readonly changed: boolean;
}

/** Sends one command of a request through a controller. */
export type Send = (target: StreamRef, command: Message, commandId: string) => Promise<Executed>;

export type Request = (send: Send) => Promise<readonly Receipt[]>;

export type Answer = 'accepted' | 'unanswered' | { readonly refused: string };

const TIMEOUT_MS = { least: 5_000, most: 60_000 };
const DEADLINE_MS = 20_000;
const MOST_TRIES = 8;

/** Tenants and operators: they ask again when they got no answer, with the same ids, and sometimes when they did. */
export class Clients {
  readonly receipts: Receipt[] = [];
  /** Requests that are not over. */
  pending = 0;
  private readonly counts = { accepted: 0, refused: 0, unanswered: 0 };

  constructor(
    private readonly world: Surroundings & { readonly controllers: readonly ControllerSite[] },
    private readonly random: Random,
  ) {}

  get summary(): Readonly<Record<'accepted' | 'refused' | 'unanswered', number>> {
    return this.counts;
  }

  async ask(name: string, request: Request): Promise<Answer> {
    this.pending += 1;
    const answer = await this.insist(name, request);
    this.counts[typeof answer === 'string' ? answer : 'refused'] += 1;
    this.world.trace.add('client', `${name}: ${typeof answer === 'string' ? answer : answer.refused}`);
    if (answer === 'accepted' && this.random.chance(0.15)) {
      await this.world.time.sleep(this.random.skewed(0, 30_000));
      await this.insist(`${name}, repeated`, request);
    }
    this.pending -= 1;
    return answer;
  }

  private async insist(name: string, request: Request): Promise<Answer> {
    const { time, trace } = this.world;
    for (let left = MOST_TRIES; left > 0; left -= 1) {
      const front = this.front();
      if (front !== undefined) {
        trace.add('client', `${name} -> ${front.process.name}`);
        const answer = await Promise.race([this.through(front, request), this.timeout()]);
        if (answer !== undefined) return answer;
      }
      if (this.random.chance(0.1)) break;
      await time.sleep(this.random.skewed(100, 5_000));
    }
    return 'unanswered';
  }

  private async timeout(): Promise<undefined> {
    await this.world.time.sleep(this.random.skewed(TIMEOUT_MS.least, TIMEOUT_MS.most));
  }

  /** Undefined when it is worth asking again. */
  private async through(front: Front, request: Request): Promise<Answer | undefined> {
    try {
      const receipts = await request((target, command, commandId) =>
        front.executor.execute(target, command, this.context(commandId)),
      );
      if (!front.process.alive || this.random.chance(0.03)) return await never();
      this.receipts.push(...receipts);
      return 'accepted';
    } catch (error) {
      if (!front.process.alive) return never();
      if (!(error instanceof DomainError)) throw error;
      this.world.trace.add(front.process.name, `answers ${brief(error)}`);
      return error.kind === 'unavailable' ? undefined : { refused: error.code };
    }
  }

  private context(commandId: string): CommandContext {
    const { time } = this.world;
    return {
      commandId,
      actor: { userId: 'tenant', projectId: 'project', domainId: 'default', roles: ['member'] },
      api: 'compute',
      requestId: `req-${commandId}`,
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: new Date(time.now + DEADLINE_MS).toISOString(),
    };
  }

  private front(): Front | undefined {
    const fronts = this.world.controllers.flatMap(({ front }) => (front?.process.alive === true ? [front] : []));
    return fronts.length === 0 ? undefined : this.random.pick(fronts);
  }
}

export const receiptOf = (target: StreamRef, commandId: string, { events }: Executed): Receipt => ({
  stream: streamName(target),
  commandId,
  changed: events.length > 0,
});
