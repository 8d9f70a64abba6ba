import { Inject, Injectable } from '@nestjs/common';
import type { Position } from '@cairn/event-store';
import type { ReadModel } from '@cairn/projections';
import { READ_MODEL, ReadYourWrites } from '../core';
import type { Executed } from '../../runtime/ports';

/** Remembered at most: a read model that lags behind for more writes than these is no read model. */
const MOST = 10_000;

/**
 * Which servers were changed here but may not show it yet: their rows are folded from the log until the read model has
 * come that far, so that everyone reads what was acknowledged (ARCHITECTURE.md, rule 2).
 */
@Injectable()
export class ServerWrites {
  private readonly ahead = new Map<string, Position>();

  constructor(
    private readonly writes: ReadYourWrites,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /** Waits for the read model, but not for long. */
  async settled(written: readonly (readonly [string, Executed])[]): Promise<void> {
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
