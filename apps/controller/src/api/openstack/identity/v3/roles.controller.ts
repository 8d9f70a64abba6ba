import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ROLES } from '../../../../identity/roles';
import type { Caller } from '../../../../application/core';
import { askingOf, listed } from '../../../../application/lists';
import { FromCaller, Policy } from '../../../http';
import { Links, presentList } from '../links';
import { requireRole } from './grants.controller';
import { ROLE_LIST } from './identity-lists';
import { presentRole } from './presenters';

/** The roles are fixed; the policy rules give them their rights. */
@Controller('v3/roles')
export class RolesController {
  constructor(private readonly links: Links) {}

  @Get()
  @Policy('identity:list_roles')
  async list(@Query() query: unknown, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const { rows } = await listed(ROLE_LIST, ROLES, askingOf(caller, query));
    const v3 = this.links.v3(request);
    const roles = rows.map((role) => presentRole(role, v3));
    return presentList('roles', roles, this.links.list('/roles', request));
  }

  @Get(':id')
  @Policy('identity:get_role')
  show(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { role: presentRole(requireRole(id), this.links.v3(request)) };
  }
}
