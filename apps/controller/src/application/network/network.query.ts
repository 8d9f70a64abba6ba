import { Inject, Injectable } from '@nestjs/common';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import { READ_MODEL } from '../core';

/** Networks that are there. */
@Injectable()
export class NetworkQuery {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  find(id: string): Promise<NetworkRow | null> {
    return this.readModel.read((rows) => rows.findOneBy(NetworkRow, { id, deleted: false }));
  }

  all(): Promise<readonly NetworkRow[]> {
    return this.readModel.read((rows) =>
      rows.find(NetworkRow, { where: { deleted: false }, order: { createdAt: 'ASC', id: 'ASC' } }),
    );
  }
}
