import { Module } from '@nestjs/common';
import { ChangePasswordHandler } from '../../../application/user/change-password.handler';
import { CreateProjectHandler } from '../../../application/project/create-project.handler';
import { CreateUserHandler } from '../../../application/user/create-user.handler';
import { DeleteProjectHandler } from '../../../application/project/delete-project.handler';
import { DeleteUserHandler } from '../../../application/user/delete-user.handler';
import { GrantRoleHandler } from '../../../application/role/grant-role.handler';
import { RevokeRoleHandler } from '../../../application/role/revoke-role.handler';
import { RevokeTokenHandler } from '../../../application/token/revoke-token.handler';
import { UpdateProjectHandler } from '../../../application/project/update-project.handler';
import { UpdateUserHandler } from '../../../application/user/update-user.handler';
import { Logins } from '../../../application/token/logins';
import { FindProjectsHandler } from '../../../application/project/project.query';
import { FindRoleAssignmentsHandler } from '../../../application/role/role-assignment.query';
import { FindUsersHandler } from '../../../application/user/user.query';
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
