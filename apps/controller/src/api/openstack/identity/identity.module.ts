import { Module } from '@nestjs/common';
import { ChangePasswordHandler } from '../../../commands/change-password.handler';
import { CreateProjectHandler } from '../../../commands/create-project.handler';
import { CreateUserHandler } from '../../../commands/create-user.handler';
import { DeleteProjectHandler } from '../../../commands/delete-project.handler';
import { DeleteUserHandler } from '../../../commands/delete-user.handler';
import { GrantRoleHandler } from '../../../commands/grant-role.handler';
import { RevokeRoleHandler } from '../../../commands/revoke-role.handler';
import { RevokeTokenHandler } from '../../../commands/revoke-token.handler';
import { UpdateProjectHandler } from '../../../commands/update-project.handler';
import { UpdateUserHandler } from '../../../commands/update-user.handler';
import { Logins } from '../../../identity/logins';
import { FindProjectsHandler } from '../../../queries/project.query';
import { FindRoleAssignmentsHandler } from '../../../queries/role-assignment.query';
import { FindUsersHandler } from '../../../queries/user.query';
import { Links } from './links';
import { TokensController } from './v2/tokens.controller';
import { V2UsersController } from './v2/users.controller';
import { AuthController } from './v3/auth.controller';
import { CatalogController } from './v3/catalog.controller';
import { DomainsController } from './v3/domains.controller';
import { GrantsController } from './v3/grants.controller';
import { ProjectsController } from './v3/projects.controller';
import { RoleAssignmentsController } from './v3/role-assignments.controller';
import { RolesController } from './v3/roles.controller';
import { UsersController } from './v3/users.controller';
import { VersionsController } from './versions.controller';

/** Keystone's APIs: v3, and v2.0 for those who ask for it. */
@Module({
  controllers: [
    VersionsController,
    AuthController,
    UsersController,
    ProjectsController,
    RolesController,
    GrantsController,
    RoleAssignmentsController,
    DomainsController,
    CatalogController,
    TokensController,
    V2UsersController,
  ],
  providers: [
    Links,
    Logins,
    ChangePasswordHandler,
    CreateProjectHandler,
    CreateUserHandler,
    DeleteProjectHandler,
    DeleteUserHandler,
    GrantRoleHandler,
    RevokeRoleHandler,
    RevokeTokenHandler,
    UpdateProjectHandler,
    UpdateUserHandler,
    FindProjectsHandler,
    FindRoleAssignmentsHandler,
    FindUsersHandler,
  ],
})
export class IdentityModule {}
