import { Inject, Injectable } from '@nestjs/common';
import { FlavorRow, type ReadModel } from '@cairn/projections';
import { READ_MODEL } from '../core';

@Injectable()
export class FlavorQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  async find(id: string): Promise<FlavorRow | null> {
    const [row = null] = await this.readModel.rowsWith(FlavorRow, { id });
    return row;
  }
}
