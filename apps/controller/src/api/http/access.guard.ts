import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ReadModel } from '@cairn/projections';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../config';
import { NEEDS_NO_READ_MODEL, NEEDS_NO_TOKEN, type RouteRule, RULE } from './access';
import type { Authenticator } from '../../identity/authenticator';
import { AUTHENTICATOR, CONFIG, POLICY, READ_MODEL } from '../../application/core';
import { HttpProblem, unavailable } from './problem';
import { type Enforcer, Rights } from '../../policy';
import { publicUrl } from './public-url';
import { scopeOf, setScope } from './request-scope';

export const EXACT_PATHS = Symbol('exact paths');

/** In this order: is the path the route's, is the read model there, is the token good, does policy allow it. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: ControllerConfig,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(POLICY) private readonly policy: Enforcer,
    @Inject(EXACT_PATHS) private readonly exactPaths: boolean,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const of = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(NEEDS_NO_READ_MODEL, of) !== true) {
      this.requireExactPath(context.switchToHttp().getRequest<FastifyRequest>());
      this.requireReadModel();
    }
    if (this.reflector.getAllAndOverride<boolean | undefined>(NEEDS_NO_TOKEN, of) === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const rights = await this.identify(request);
    const rule = this.reflector.getAllAndOverride<RouteRule | undefined>(RULE, of);
    if (rule?.ahead === true) rights.require(rule.name);
    return true;
  }

  /** @throws HttpProblem 404: the router itself takes a path with a slash at its end for the one without. */
  private requireExactPath({ url }: FastifyRequest): void {
    if (this.exactPaths && url.split('?', 1)[0]?.endsWith('/') === true) throw new HttpProblem(404);
  }

  private requireReadModel(): void {
    if (!this.readModel.isReady()) throw unavailable('The read models are being built. Please try again later.');
  }

  /** Puts the token's principal into the request's scope. @throws HttpProblem 401 without a good token. */
  private async identify(request: FastifyRequest): Promise<Rights> {
    const header = request.headers['x-auth-token'];
    const principal = typeof header === 'string' ? await this.authenticator.authenticate(header) : undefined;
    if (principal === undefined) {
      const uri = publicUrl(this.config, request, 'identity', false);
      throw new HttpProblem(401, undefined, { 'www-authenticate': `Keystone uri="${uri}"` });
    }
    const rights = new Rights(this.policy, principal.actor);
    setScope(request, { ...scopeOf(request), principal, rights });
    return rights;
  }
}
