import { later, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR } from '../core';
import { type Failure, ServerHistoryQuery } from './server-history.query';
import { ServerWrites } from './server-writes';

/** As long as nova's API waits for the host (rpc_response_timeout). */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Null: it is done. `under way`: the host has not answered yet. */
export type Outcome = Failure | 'under way' | null;

/** Waits for the end of an operation on a server, where nova waits, too. */
@Injectable()
export class OperationOutcome {
  constructor(
    private readonly history: ServerHistoryQuery,
    private readonly writes: ServerWrites,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Afterwards rows show what came of it. */
  async of(instanceId: string, operationId: string): Promise<Outcome> {
    const until = later(this.clock.now(), PATIENCE_MS);
    for (;;) {
      const { operation } = await this.executor.latest(streamRef('instance', instanceId));
      if (operation?.operationId !== operationId) {
        const { failure, position } = await this.history.endOf(instanceId, operationId);
        await this.writes.settled([[instanceId, { position }]]);
        return failure;
      }
      if (this.clock.now() >= until) return 'under way';
      await this.clock.sleep(LOOK_MS);
    }
  }
}
