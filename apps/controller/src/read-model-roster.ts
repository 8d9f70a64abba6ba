import { HostRow, type ReadModel } from '@cairn/projections';

import type { HostRoster } from './scheduler/scheduler';

/** The enrolled hosts, as the read model shows them. */
export class ReadModelRoster implements HostRoster {
  constructor(private readonly readModel: ReadModel) {}

  async hostIds(): Promise<readonly string[]> {
    const rows = await this.readModel.read((manager) =>
      manager.find(HostRow, { select: { id: true }, order: { id: 'ASC' } }),
    );
    return rows.map(({ id }) => id);
  }
}
