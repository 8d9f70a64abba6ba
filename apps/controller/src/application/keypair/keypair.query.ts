import { Inject, Injectable } from '@nestjs/common';
import { keypairKey, KeypairRow, type ReadModel } from '@cairn/projections';
import { MoreThan } from 'typeorm';
import { READ_MODEL } from '../core';

@Injectable()
export class KeypairQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  find(userId: string, name: string): Promise<KeypairRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(KeypairRow, { id: keypairKey(userId, name) }));
  }

  /** A user's key pairs by name, from behind the one called `after`. */
  of(userId: string, after: string | null = null, limit?: number): Promise<readonly KeypairRow[]> {
    const where = after === null ? { userId } : { userId, name: MoreThan(after) };
    const page = limit === undefined ? {} : { take: limit };
    return this.readModel.read((rows) => rows.find(KeypairRow, { where, order: { name: 'ASC' }, ...page }));
  }
}
