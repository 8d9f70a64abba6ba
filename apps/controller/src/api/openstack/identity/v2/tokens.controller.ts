import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { RevokeToken } from '../../../../application/token/revoke-token.handler';
import { Logins } from '../../../../application/token/logins';
import { Projects } from '../../../../application/project/projects';
import { askingOf, Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { AUTHENTICATOR, type Caller, commandContext, RANDOM, type RequestScope } from '../../../../application/core';
import type { Authenticator, Principal } from '../../../../identity/authenticator';
import { FromCaller, HttpProblem, NoToken, Policy, PolicyOfTarget, Scoped } from '../../../http';
import { ADMIN_PREFIX } from '../catalog';
import { Links } from '../links';
import { loginOf } from './login-of';
import { presentAccess, presentTenant } from './present-access';
import { TokensBody, ValidationQuery } from './tokens.dto';
import { TENANTS, tenantsOf } from './v2-lists';

/** The identity API of the guide's time, for clients that name `/v2.0/` themselves. Create answers 200, as it did. */
@Controller('v2.0')
export class TokensController {
  constructor(
    private readonly logins: Logins,
    private readonly projects: Projects,
    private readonly links: Links,
    private readonly commands: CommandBus,
    private readonly lists: Lists,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Post('tokens')
  @HttpCode(200)
  @NoToken()
  async create(
    @Body() body: TokensBody,
    @Scoped() scope: RequestScope,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { text, principal } = await this.logins.logIn(loginOf(body), scope);
    return this.presented(text, principal, request);
  }

  /** Answers HEAD, too. A token that does not belong to the tenant that is asked for is no good token. */
  @Get('tokens/:token')
  @PolicyOfTarget('identity:validate_token')
  async validate(
    @Param('token') text: string,
    @Query() { belongsTo }: ValidationQuery,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const subject = await this.subject('identity:validate_token', text, caller);
    if (belongsTo !== undefined && belongsTo !== subject.actor.projectId) throw new HttpProblem(401);
    return this.presented(text, subject, request);
  }

  @Delete('tokens/:token')
  @PolicyOfTarget('identity:revoke_token')
  @HttpCode(204)
  async revoke(@Param('token') text: string, @FromCaller() caller: Caller): Promise<void> {
    const subject = await this.subject('identity:revoke_token', text, caller);
    await this.commands.execute(new RevokeToken(subject, commandContext(caller, 'revoke-token', this.random)));
  }

  /** The tenants in which the caller has a role; at the administrators' endpoint all. */
  @Get('tenants')
  @Policy('identity:get_auth_projects')
  async tenants(
    @Query() query: unknown,
    @FromCaller() caller: Caller,
    @Req() { originalUrl }: FastifyRequest,
  ): Promise<unknown> {
    const all = originalUrl.startsWith(ADMIN_PREFIX);
    if (all) caller.rights.require('identity:list_projects');
    const asking = askingOf(caller, query);
    const { rows } = await this.lists.page(all ? TENANTS : tenantsOf(asking), asking);
    return { tenants: rows.map(presentTenant), tenants_links: [] };
  }

  private async presented(text: string, principal: Principal, request: FastifyRequest): Promise<object> {
    const { projectId } = principal.actor;
    const tenant = projectId === null ? undefined : await this.projects.find(projectId);
    return presentAccess(principal, text, tenant, this.links.services(request), this.links.region);
  }

  /** Whom another token is for. @throws HttpProblem 404 for one that is not good, 403 for another user's. */
  private async subject(rule: string, text: string, caller: Caller): Promise<Principal> {
    const subject = await this.authenticator.authenticate(text);
    if (subject === undefined) throw new HttpProblem(404, 'Could not find token.');
    caller.rights.require(rule, { 'target.token.user_id': subject.actor.userId });
    return subject;
  }
}
