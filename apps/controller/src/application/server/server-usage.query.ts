import { Injectable } from '@nestjs/common';
import type { Instant } from '@cairn/domain';
import { ServerRow } from '@cairn/projections';
import { all, any, compared, type Condition, equal, everything, Lists, unset } from '../lists';

@Injectable()
export class ServerUsageQuery {
  constructor(private readonly lists: Lists) {}

  /** Servers that ran at some time between the two moments, of one project or of all, in no order. */
  ran(from: Instant, to: Instant, projectId: string | null): Promise<readonly ServerRow[]> {
    const ofProject: Condition<ServerRow> = projectId === null ? everything() : equal('projectId', projectId);
    const ended = any<ServerRow>([unset('terminatedAt'), compared('terminatedAt', '>', from)]);
    return this.lists.rows(ServerRow, all([ofProject, compared('launchedAt', '<', to), ended]));
  }
}
