import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ROLES } from '../../../../identity/roles';
import { Policy } from '../../../http';
import { Links, listed } from '../links';
import { requireRole } from './grants.controller';
import { ListQuery } from './list.dto';
import { presentRole } from './presenters';

/** The roles are fixed; the policy rules give them their rights. */
@Controller('v3/roles')
export class RolesController {
  constructor(private readonly links: Links) {}

  @Get()
  @Policy('identity:list_roles')
  list(@Query() { name, domain_id: domainId }: ListQuery, @Req() request: FastifyRequest): unknown {
    const v3 = this.links.v3(request);
    const roles = ROLES.filter((role) => domainId === undefined && (name === undefined || role.name === name));
    return listed(
      'roles',
      roles.map((role) => presentRole(role, v3)),
      `${v3}/roles`,
    );
  }

  @Get(':id')
  @Policy('identity:get_role')
  show(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { role: presentRole(requireRole(id), this.links.v3(request)) };
  }
}
