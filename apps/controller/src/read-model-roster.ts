import { HostRow, type ReadModel } from '@cairn/projections';

import type { Clock } from './runtime/ports';
import type { HostRoster } from './scheduler/scheduler';

/** People enrol hosts, so the list changes seldom: launches may use it for this long without asking again. */
const TRUST_MS = 1_000;

/** The enrolled hosts, as the read model showed them a moment ago. */
export class ReadModelRoster implements HostRoster {
  private known: { readonly ids: readonly string[]; readonly until: number } = { ids: [], until: 0 };

  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  async hostIds(): Promise<readonly string[]> {
    const now = Date.parse(this.clock.now());
    if (now < this.known.until) return this.known.ids;
    const rows = await this.readModel.read((manager) =>
      manager.find(HostRow, { select: { id: true }, order: { id: 'ASC' } }),
    );
    const ids = rows.map(({ id }) => id);
    this.known = { ids, until: ids.length === 0 ? now : now + TRUST_MS };
    return ids;
  }
}
