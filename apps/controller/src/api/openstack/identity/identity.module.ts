import { Module } from '@nestjs/common';
import { Links } from './links';
import { TokensController } from './v2/tokens.controller';
import { V2UsersController } from './v2/users.controller';
import { AuthController } from './v3/auth.controller';
import { CatalogController } from './v3/catalog.controller';
import { Catalogs } from './v3/catalogs';
import { DomainsController } from './v3/domains.controller';
import { GrantsController } from './v3/grants.controller';
import { ProjectTagsController } from './v3/project-tags.controller';
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
    ProjectTagsController,
    RolesController,
    GrantsController,
    RoleAssignmentsController,
    DomainsController,
    CatalogController,
    TokensController,
    V2UsersController,
  ],
  providers: [Links, Catalogs],
})
export class IdentityModule {}
