import { Inject, Injectable } from '@nestjs/common';
import { FlavorRow, type ReadModel } from '@cairn/projections';
import { type ExtraSpecs, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';

@Injectable()
export class FlavorQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  async find(id: string): Promise<FlavorRow | null> {
    const [row = null] = await this.readModel.rowsWith(FlavorRow, { id });
    return row;
  }

  /** Extra specs, which no row shows. */
  async extraSpecs(id: string): Promise<ExtraSpecs> {
    return (await this.executor.state(streamRef('flavor', id))).extraSpecs;
  }
}
