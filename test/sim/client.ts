import { DomainError } from '@cairn/domain';
import { OutcomeUnknown } from '@cairn/event-store';
import { ReadModelNotReady } from '@cairn/projections';

import type { CommandContext } from '../../apps/controller/src/runtime/ports';

import type { ControllerSite, Front } from './controller';
import { Facade, type Receipt } from './facade';
import type { Auditor } from './invariants/auditor';
import { brief, never } from './processes';
import type { Random } from './random';
import type { Surroundings } from './surroundings';

export type Request = (facade: Facade) => Promise<unknown>;

/** A request, and what a trace calls it. */
export interface Asked {
  readonly name: string;
  readonly request: Request;
}

export type Answer = 'accepted' | 'unanswered' | { readonly refused: string };

const TIMEOUT_MS = { least: 5_000, most: 60_000 };
const DEADLINE_MS = 20_000;
const MOST_TRIES = 8;

/** Tenants and operators: they ask again when they got no answer, with the same ids, and sometimes when they did. */
export class Clients {
  readonly receipts: Receipt[] = [];
  /** Servers that somebody was told to have. */
  readonly promised = new Set<string>();
  /** Requests that are not over. */
  pending = 0;
  private requests = 0;
  private readonly heard = new Set<string>();
  private readonly counts = { accepted: 0, refused: 0, unanswered: 0 };

  constructor(
    private readonly world: Surroundings & {
      readonly auditor: Auditor;
      readonly controllers: readonly ControllerSite[];
    },
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
      const facade = new Facade(front, this.context(), this.heard);
      await request(facade);
      if (!front.process.alive || this.random.chance(0.03)) return await never();
      this.receipts.push(...facade.receipts);
      for (const id of facade.promised) this.promised.add(id);
      return 'accepted';
    } catch (error) {
      if (!front.process.alive) return never();
      this.world.trace.add(front.process.name, `answers ${brief(error)}`);
      if (error instanceof ReadModelNotReady || error instanceof OutcomeUnknown) return undefined;
      if (!(error instanceof DomainError)) {
        this.world.auditor.claim(`${front.process.name} answers 500: ${brief(error)}`);
        return { refused: 'internal' };
      }
      return error.kind === 'unavailable' ? undefined : { refused: error.code };
    }
  }

  private context(): CommandContext {
    const { time } = this.world;
    this.requests += 1;
    const requestId = `req-${String(this.requests)}`;
    return {
      commandId: requestId,
      actor: { userId: 'tenant', projectId: 'project', domainId: 'default', roles: ['member'] },
      api: 'compute',
      requestId,
      clientAddress: null,
      correlationId: requestId,
      causationId: requestId,
      deadline: new Date(time.now + DEADLINE_MS).toISOString(),
    };
  }

  private front(): Front | undefined {
    const fronts = this.world.controllers.flatMap(({ front }) => (front?.process.alive === true ? [front] : []));
    return fronts.length === 0 ? undefined : this.random.pick(fronts);
  }
}
