import { type ReadModel, ServerGroupMemberRow, ServerGroupRow } from '@cairn/projections';
import { type ServerGroupRecord, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';

export interface ServerGroupView extends ServerGroupRecord {
  /** Ids of its servers that are not deleted, in the order in which they were launched. */
  readonly members: readonly string[];
}

@Injectable()
export class ServerGroupQuery {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  /** Reads the group from the log, so that a new or deleted one shows at once; null if there is none. */
  async find(id: string): Promise<ServerGroupView | null> {
    const { life, record } = await this.executor.state(streamRef('servergroup', id));
    if (life !== 'live' || record === undefined) return null;
    const members = await this.readModel.read((rows) => membersOf(rows, [id]));
    return { ...record, members: members.map((member) => member.id) };
  }

  /** Ids of the groups that a server is in: none, or one that is not deleted. */
  async groupsOf(instanceId: string): Promise<readonly string[]> {
    return this.readModel.read(async (rows) => {
      const member = await rows.findOneBy(ServerGroupMemberRow, { id: instanceId });
      if (member === null || !(await rows.existsBy(ServerGroupRow, { id: member.groupId }))) return [];
      return [member.groupId];
    });
  }

  /** Groups of a list, each with its servers. */
  async withMembers(groups: readonly ServerGroupRow[]): Promise<readonly ServerGroupView[]> {
    if (groups.length === 0) return [];
    const ids = groups.map(({ id }) => id);
    const members = await this.readModel.read((rows) => membersOf(rows, ids));
    return groups.map(({ id, createdAt: _createdAt, maxPerHost, ...group }) => ({
      ...group,
      ...(maxPerHost === null ? {} : { maxPerHost }),
      groupId: id,
      members: members.filter(({ groupId }) => groupId === id).map((member) => member.id),
    }));
  }
}

const membersOf = (rows: EntityManager, groupIds: readonly string[]): Promise<readonly ServerGroupMemberRow[]> =>
  rows.find(ServerGroupMemberRow, { where: { groupId: In([...groupIds]) }, order: { joinedAt: 'ASC', id: 'ASC' } });
