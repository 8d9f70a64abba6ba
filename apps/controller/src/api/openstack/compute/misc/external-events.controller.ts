import { ArrayMinSize } from 'class-validator';
import { ServerRow } from '@cairn/projections';
import { Body, Controller, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { all, equal, Lists, oneOf } from '../../../../application/lists';
import { IsText, MayBeAbsent, NestedList, Policy } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { IsOneOf, IsUuidText } from '../shared/validators';
import { EVENT_NAMES, eventNamesIn, judged } from './external-events';

class EventBody {
  @IsUuidText() readonly server_uuid!: string;
  @IsOneOf(...EVENT_NAMES) readonly name!: string;
  @MayBeAbsent() @IsOneOf('failed', 'completed', 'in-progress') readonly status?: string;
  @MayBeAbsent() @IsText(0, 255) readonly tag?: string;
}

/** Several times what a service sends at once. */
const MAX_EVENTS = 1_000;

class EventsBody {
  @ArrayMinSize(1) @NestedList(() => EventBody, MAX_EVENTS) readonly events!: readonly EventBody[];
}

const MULTI_STATUS = 207;

/**
 * What network, volume and other services would tell of servers. Each event is judged as nova judges it, and none changes
 * anything: no server here waits for such a service, and hosts look at their guests themselves.
 */
@Controller(computePaths('os-server-external-events'))
export class ExternalEventsController {
  constructor(private readonly lists: Lists) {}

  @Post()
  @Policy('os_compute_api:os-server-external-events:create')
  async create(
    @Body() { events }: EventsBody,
    @FromCompute() { minor }: ComputeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const known = eventNamesIn(minor);
    const other = events.find(({ name }) => !known.includes(name));
    if (other !== undefined)
      throw badRequest(
        `Invalid input for field/attribute name. Value: ${other.name}. '${other.name}' is not one of [${known.map((name) => `'${name}'`).join(', ')}]`,
      );
    const ids = events.map(({ server_uuid: id }) => id.toLowerCase());
    const there = all([oneOf<ServerRow>('id', ids), equal<ServerRow>('deleted', false)]);
    const servers = new Map((await this.lists.rows(ServerRow, there, ['id', 'hostId'])).map((row) => [row.id, row]));
    const answers = events.map((event, i) => judged(event, servers.get(ids[i] ?? '') ?? null));
    void reply.status(answers.every(({ code }) => code === 200) ? 200 : MULTI_STATUS);
    return { events: answers };
  }
}
