import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsOptional, IsString } from 'class-validator';
import { DEFAULT_DOMAIN } from '../../../../identity/domains';
import { Users } from '../../../../application/user/users';
import { FindUsers } from '../../../../application/user/user.query';
import { Policy } from '../../../http';
import { presentUser } from './present-access';

class UsersQuery {
  @IsOptional() @IsString() readonly name?: string;
}

/** What v2.0 clients look up before they name a user. Changes are v3's. */
@Controller('v2.0/users')
export class V2UsersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly users: Users,
  ) {}

  /** With a name, the one user of that name: v2.0's way to look it up. */
  @Get()
  @Policy('identity:list_users')
  async list(@Query() { name }: UsersQuery): Promise<unknown> {
    const users = await this.queries.execute(new FindUsers({ name, domainId: DEFAULT_DOMAIN.id }));
    const [only] = users;
    if (name !== undefined && only !== undefined) return { user: presentUser(only) };
    return { users: users.map(presentUser) };
  }

  @Get(':id')
  @Policy('identity:get_user')
  async show(@Param('id') id: string): Promise<unknown> {
    return { user: presentUser(await this.users.require(id)) };
  }
}
