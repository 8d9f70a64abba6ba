import { Inject, Injectable } from '@nestjs/common';
import type { ReadModel } from '@cairn/projections';
import type { Executed } from '../../runtime/ports';
import { READ_MODEL } from './core';

/** How long an answer waits for the read model. The append alone decides the answer's status. */
const PATIENCE_MS = 2_000;

/** Lets callers read their own writes. */
@Injectable()
export class ReadYourWrites {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  /**
   * Waits until the read model shows what the commands did. False if it lags behind for longer than 2 s: then answer
   * from the command's own result (`executed.answer`, or `executor.state`).
   */
  async settled(...executed: readonly Pick<Executed, 'position'>[]): Promise<boolean> {
    const last = executed.reduce((max, { position }) => (position > max ? position : max), 0n);
    return executed.length === 0 || this.readModel.waitFor(last, PATIENCE_MS);
  }
}
