import { Inject, Injectable } from '@nestjs/common';
import { FlavorRow, type ReadModel } from '@cairn/projections';
import { READ_MODEL } from '../core';

@Injectable()
export class FlavorQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  find(id: string): Promise<FlavorRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(FlavorRow, { id }));
  }
}
