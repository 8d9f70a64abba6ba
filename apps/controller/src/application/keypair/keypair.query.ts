import { Inject, Injectable } from '@nestjs/common';
import { keypairKey, KeypairRow, type ReadModel } from '@cairn/projections';
import { READ_MODEL } from '../core';

@Injectable()
export class KeypairQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  async find(userId: string, name: string): Promise<KeypairRow | null> {
    const [row = null] = await this.readModel.rowsWith(KeypairRow, { id: keypairKey(userId, name) });
    return row;
  }
}
