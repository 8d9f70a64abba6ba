import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Caller } from '../../../../application/core';
import { askingOf, Lists } from '../../../../application/lists';
import { Users } from '../../../../application/user/users';
import { FromCaller, Policy } from '../../../http';
import { presentUser } from './present-access';
import { V2_USERS } from './v2-lists';

/** What v2.0 clients look up before they name a user. Changes are v3's. */
@Controller('v2.0/users')
export class V2UsersController {
  constructor(
    private readonly lists: Lists,
    private readonly users: Users,
  ) {}

  /** With a name, the one user of that name: v2.0's way to look it up. */
  @Get()
  @Policy('identity:list_users')
  async list(@Query() query: unknown, @FromCaller() caller: Caller): Promise<unknown> {
    const asking = askingOf(caller, query);
    const { rows } = await this.lists.page(V2_USERS, asking);
    const [only] = rows;
    if (asking.query.has('name') && only !== undefined) return { user: presentUser(only) };
    return { users: rows.map(presentUser) };
  }

  @Get(':id')
  @Policy('identity:get_user')
  async show(@Param('id') id: string): Promise<unknown> {
    return { user: presentUser(await this.users.require(id)) };
  }
}
