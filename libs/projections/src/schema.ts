import type { MigrationInterface } from 'typeorm';
import { CreateFlavorV1 } from './flavor.v1/migration';
import { CreateHostClaimV1 } from './host-claim.v1/migration';
import { CreateHostV1 } from './host.v1/migration';
import { CreateImageV1 } from './image.v1/migration';
import { CreateKeypairV1 } from './keypair.v1/migration';
import { CreateNetworkAddressV1 } from './network-address.v1/migration';
import { CreateNetworkV1 } from './network.v1/migration';
import { CreateProjectV1 } from './project.v1/migration';
import { CreateQuotaItemV1 } from './quota-item.v1/migration';
import { CreateQuotaV1 } from './quota.v1/migration';
import { CreateRevokedTokenV1 } from './revoked-token.v1/migration';
import { CreateRoleAssignmentV1 } from './role-assignment.v1/migration';
import { CreateServerV1 } from './server.v1/migration';
import { CreateUserV1 } from './user.v1/migration';
import { projections } from './projections';
import { CreateCheckpoint, CreateLogHistory, CreateParkedStream } from './runner/migration';
import type { EntityOf } from './runner/row-store';
import { CheckpointRow, LogHistoryRow, ParkedStreamRow } from './runner/rows';

/** Every table of a generation. */
export const entities: EntityOf[] = [
  CheckpointRow,
  LogHistoryRow,
  ParkedStreamRow,
  ...projections.map(({ entity }) => entity),
];

export const migrations: (new () => MigrationInterface)[] = [
  CreateCheckpoint,
  CreateParkedStream,
  CreateFlavorV1,
  CreateHostClaimV1,
  CreateHostV1,
  CreateImageV1,
  CreateKeypairV1,
  CreateNetworkAddressV1,
  CreateNetworkV1,
  CreateProjectV1,
  CreateQuotaItemV1,
  CreateQuotaV1,
  CreateRevokedTokenV1,
  CreateRoleAssignmentV1,
  CreateServerV1,
  CreateUserV1,
  CreateLogHistory,
];
