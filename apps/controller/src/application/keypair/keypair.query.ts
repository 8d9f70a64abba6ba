import { Inject, Injectable } from '@nestjs/common';
import { keypairKey, KeypairRow, type ReadModel } from '@cairn/projections';
import { READ_MODEL } from '../core';

@Injectable()
export class KeypairQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  find(userId: string, name: string): Promise<KeypairRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(KeypairRow, { id: keypairKey(userId, name) }));
  }
}
