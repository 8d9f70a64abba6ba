import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RevokeToken } from '../../../../application/token/revoke-token.handler';
import { DOMAINS } from '../../../../identity/domains';
import { Logins } from '../../../../application/token/logins';
import { askingOf, Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { AUTHENTICATOR, type Caller, commandContext, RANDOM, type RequestScope } from '../../../../application/core';
import type { Authenticator, Principal } from '../../../../identity/authenticator';
import { FromCaller, HttpProblem, NoToken, Policy, PolicyOfTarget, Scoped } from '../../../http';
import { Links, presentList } from '../links';
import { AuthBody, TokenQuery } from './auth.dto';
import { Catalogs } from './catalogs';
import { openProjectsOf } from './identity-lists';
import { loginOf } from './login-of';
import { presentToken } from './present-token';
import { presentDomain, presentProject } from './presenters';

@Controller('v3/auth')
export class AuthController {
  constructor(
    private readonly logins: Logins,
    private readonly links: Links,
    private readonly catalogs: Catalogs,
    private readonly commands: CommandBus,
    private readonly lists: Lists,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Post('tokens')
  @NoToken()
  async create(
    @Body() body: AuthBody,
    @Query() { nocatalog }: TokenQuery,
    @Scoped() scope: RequestScope,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { text, principal } = await this.logins.logIn(loginOf(body), scope);
    void reply.headers({ 'x-subject-token': text, vary: 'X-Auth-Token' });
    return presentToken(
      principal,
      nocatalog === undefined ? this.catalogs.of(principal.actor.projectId, request) : undefined,
    );
  }

  /** Answers HEAD, too. */
  @Get('tokens')
  @PolicyOfTarget('identity:validate_token')
  async validate(
    @Headers('x-subject-token') text: string | undefined,
    @Query() { nocatalog }: TokenQuery,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const subject = await this.subject('identity:validate_token', text, caller);
    void reply.headers({ 'x-subject-token': text, vary: 'X-Auth-Token' });
    return presentToken(
      subject,
      nocatalog === undefined ? this.catalogs.of(subject.actor.projectId, request) : undefined,
    );
  }

  @Delete('tokens')
  @PolicyOfTarget('identity:revoke_token')
  @HttpCode(204)
  async revoke(@Headers('x-subject-token') text: string | undefined, @FromCaller() caller: Caller): Promise<void> {
    const subject = await this.subject('identity:revoke_token', text, caller);
    await this.commands.execute(new RevokeToken(subject, commandContext(caller, 'revoke-token', this.random)));
  }

  @Get('catalog')
  @Policy('identity:get_auth_catalog')
  ofScope(@FromCaller() { principal }: Caller, @Req() request: FastifyRequest): unknown {
    return presentList(
      'catalog',
      this.catalogs.of(principal.actor.projectId, request),
      this.links.list('/auth/catalog', request),
    );
  }

  @Get('projects')
  @Policy('identity:get_auth_projects')
  async projects(@FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const { userId } = caller.principal.actor;
    const { rows } = await this.lists.page(openProjectsOf(userId), askingOf(caller, {}));
    const v3 = this.links.v3(request);
    const projects = rows.map((project) => presentProject(project, v3));
    return presentList('projects', projects, this.links.list('/auth/projects', request));
  }

  /** Nobody has a role on a domain; Horizon asks for this list to fill its menu. */
  @Get('domains')
  @Policy('identity:get_auth_domains')
  domains(@FromCaller() caller: Caller, @Req() request: FastifyRequest): unknown {
    const v3 = this.links.v3(request);
    const domains = caller.rights.isAdmin ? DOMAINS.map((domain) => presentDomain(domain, v3)) : [];
    return presentList('domains', domains, this.links.list('/auth/domains', request));
  }

  /** Whom another token is for. @throws HttpProblem 404 for one that is not good, 403 for another user's. */
  private async subject(rule: string, text: string | undefined, caller: Caller): Promise<Principal> {
    const subject = text === undefined ? undefined : await this.authenticator.authenticate(text);
    if (subject === undefined) throw new HttpProblem(404, 'Could not find token.');
    caller.rights.require(rule, { 'target.token.user_id': subject.actor.userId });
    return subject;
  }
}
