import type { InstanceEvent } from '@cairn/domain';
import { existing, type Projected, type Projection } from '../projection';
import { ServerRow } from '../server.v2/row';
import { MigrationRow, type MigrationStatus } from './row';

type Asked = Extract<InstanceEvent, { type: 'instance.resize-requested.v1' | 'instance.migrate-requested.v1' }>;
type Step = Extract<
  InstanceEvent,
  {
    type:
      | 'instance.host-chosen.v2'
      | 'instance.host-claimed.v1'
      | 'instance.host-refused.v1'
      | 'instance.operation-advanced.v1'
      | 'instance.move-attempt-failed.v1'
      | 'instance.operation-undoing.v1'
      | 'instance.operation-failed.v1'
      | 'instance.resized.v1'
      | 'instance.migrated.v1'
      | 'instance.resize-confirmed.v1'
      | 'instance.resize-reversion-requested.v1'
      | 'instance.resize-reverted.v1'
      | 'instance.deletion-requested.v1';
  }
>;
type Seen = Asked | Step;

const isAsked = (event: Projected<Seen>): event is Projected<Asked> =>
  event.type === 'instance.resize-requested.v1' || event.type === 'instance.migrate-requested.v1';

/** The states that may still change. A server has at most one migration in any of them. */
const OPEN: readonly MigrationStatus[] = ['pre-migrating', 'migrating', 'post-migrating', 'finished', 'reverting'];

const moves = (kind: string | undefined): boolean => kind === 'resize' || kind === 'migrate';

/** Whether an event of many operations is one of a move, or of its way back. */
function concerns({ type, data }: Projected<Step>): boolean {
  if (type === 'instance.host-chosen.v2') return moves(data.purpose);
  return 'kind' in data ? moves(data.kind) || data.kind === 'revertResize' : !type.startsWith('instance.host-');
}

function asked({ data, at, streamId, type }: Projected<Asked>, server: ServerRow): MigrationRow {
  const { userId, projectId } = data.askedBy ?? server;
  return {
    id: data.operationId,
    number: data.number,
    instanceId: streamId,
    type: type === 'instance.resize-requested.v1' ? 'resize' : 'migration',
    status: 'pre-migrating',
    sourceHost: server.hostName,
    destHost: null,
    oldFlavorId: server.flavorId,
    newFlavorId: 'flavor' in data ? data.flavor.flavorId : server.flavorId,
    userId,
    projectId,
    createdAt: at,
    updatedAt: null,
  };
}

type Change = Partial<Pick<MigrationRow, 'status' | 'destHost'>>;

function change({ status }: MigrationRow, event: Projected<Step>): Change {
  switch (event.type) {
    case 'instance.host-chosen.v2':
      return { destHost: event.data.hostName };
    case 'instance.host-claimed.v1':
      return { status: 'migrating' };
    case 'instance.host-refused.v1':
      return { destHost: null };
    case 'instance.operation-advanced.v1':
      return moves(event.data.kind) ? { status: 'post-migrating' } : {};
    case 'instance.move-attempt-failed.v1':
      return { status: 'pre-migrating', destHost: null };
    case 'instance.operation-undoing.v1':
      return moves(event.data.kind) ? { status: 'error' } : {};
    case 'instance.operation-failed.v1':
      return { status: moves(event.data.kind) || event.data.lost === true ? 'error' : 'finished' };
    case 'instance.resized.v1':
    case 'instance.migrated.v1':
      return { status: 'finished' };
    case 'instance.resize-confirmed.v1':
      return { status: 'confirmed' };
    case 'instance.resize-reversion-requested.v1':
      return { status: 'reverting' };
    case 'instance.resize-reverted.v1':
      return { status: 'reverted' };
    case 'instance.deletion-requested.v1':
      return { status: status === 'finished' ? 'confirmed' : 'error' };
  }
}

export const migrations: Projection<MigrationRow, Seen, ServerRow> = {
  name: 'migrations.v1',
  group: 'servers',
  version: 1,
  entity: MigrationRow,
  owner: { category: 'instance', column: 'instanceId' },
  types: {
    'instance.resize-requested.v1': true,
    'instance.migrate-requested.v1': true,
    'instance.host-chosen.v2': true,
    'instance.host-claimed.v1': true,
    'instance.host-refused.v1': true,
    'instance.operation-advanced.v1': true,
    'instance.move-attempt-failed.v1': true,
    'instance.operation-undoing.v1': true,
    'instance.operation-failed.v1': true,
    'instance.resized.v1': true,
    'instance.migrated.v1': true,
    'instance.resize-confirmed.v1': true,
    'instance.resize-reversion-requested.v1': true,
    'instance.resize-reverted.v1': true,
    'instance.deletion-requested.v1': true,
  },
  keys: (event) => (isAsked(event) ? [event.data.operationId] : []),
  select: (event) => (isAsked(event) || !concerns(event) ? null : { column: 'instanceId', value: event.streamId }),
  /** The server's host and flavor. */
  related: { entity: ServerRow, key: (event) => (isAsked(event) ? event.streamId : null) },
  apply(row, event, _key, server) {
    if (isAsked(event)) return asked(event, existing(server, event));
    if (row === null || !OPEN.includes(row.status)) return row;
    const changed = change(row, event);
    return Object.keys(changed).length === 0 ? row : { ...row, ...changed, updatedAt: event.at };
  },
};
