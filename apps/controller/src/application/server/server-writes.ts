import { Inject, Injectable } from '@nestjs/common';
import type { Position } from '@cairn/event-store';
import type { ReadModel } from '@cairn/projections';
import { READ_MODEL, ReadYourWrites } from '../core';
import type { Executed } from '../../runtime/ports';

/** The limit of remembered writes: a read model that lags by more than that is useless anyway. */
const MOST = 10_000;

/**
 * Servers that this process has changed and that the read model may not show yet. Queries fold their rows from the log
 * until the read model has caught up, so that every reader sees an acknowledged write.
 */
@Injectable()
export class ServerWrites {
  private readonly ahead = new Map<string, Position>();

  constructor(
    private readonly writes: ReadYourWrites,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /** Waits for the read model, but not for long. */
  async settled(written: readonly (readonly [string, Pick<Executed, 'position'>])[]): Promise<void> {
    for (const [id, { position }] of written) this.ahead.set(id, position);
    if (await this.writes.settled(...written.map(([, executed]) => executed))) {
      for (const [id] of written) this.ahead.delete(id);
      return;
    }
    for (const id of this.ahead.keys()) {
      if (this.ahead.size <= MOST) return;
      this.ahead.delete(id);
    }
  }

  /** True while the server's row may be older than a change acknowledged here. */
  isAhead(id: string): boolean {
    const position = this.ahead.get(id);
    if (position === undefined) return false;
    if ((this.readModel.position ?? 0n) < position) return true;
    this.ahead.delete(id);
    return false;
  }
}
