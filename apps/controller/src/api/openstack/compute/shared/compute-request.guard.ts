import {
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../../../config';
import { type Caller, CONFIG } from '../../../../application/core';
import { HttpProblem, publicUrl } from '../../../http';
import { scopeOf } from '../../../http/request-scope';
import { setComputeRequest } from './compute-request';
import { queryParameters } from '../../../../application/lists';
import { Links } from './links';
import { MIN_MICROVERSION, negotiate, VARY, versionHeaders } from './microversion';

export const LAST = 'cairn:compute:last-microversion';
export const FIRST = 'cairn:compute:first-microversion';

/** nova's proxies for networks end here: from 2.36 on they are a 404. */
export const LAST_PROXY = 35;

/** The route exists up to 2.`minor`; from then on it is a 404. */
export const Until = (minor: number): CustomDecorator => SetMetadata(LAST, minor);

/** The route exists from 2.`minor` on. */
export const Since = (minor: number): CustomDecorator => SetMetadata(FIRST, minor);

/** Runs behind the guard of tokens, before bodies are looked at: settles the microversion, and that URL and token speak of the same project. */
@Injectable()
export class ComputeRequestGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    this.settle(context);
    return true;
  }

  private settle(context: ExecutionContext): void {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const scope = scopeOf(request);
    if (scope.principal === undefined) return; // a version document
    const legacy = request.url.startsWith('/v2/');
    const minor = legacy ? MIN_MICROVERSION : this.minorOf(request, http.getResponse<FastifyReply>());
    const caller = scope as Caller;
    const { projectId, userId } = caller.principal.actor;
    if (projectId === null) throw new HttpProblem(403, 'The token is not scoped to a project.');
    const inUrl = (request.params as { readonly projectId?: string }).projectId ?? null;
    requireProject(inUrl, projectId);
    this.requireRoute(context, minor);
    setComputeRequest(request, {
      caller,
      projectId,
      userId,
      rights: caller.rights,
      minor,
      links: new Links(publicUrl(this.config, request, 'compute'), legacy ? 'v2' : 'v2.1', inUrl),
      query: queryParameters(request.query),
    });
  }

  /** Also puts the version on the answer, before anything else can fail. */
  private minorOf(request: FastifyRequest, reply: FastifyReply): number {
    const negotiated = negotiate(request.headers);
    if (negotiated.kind !== 'version') {
      void reply.header('vary', VARY);
      throw new HttpProblem(negotiated.status, negotiated.message);
    }
    void reply.headers({ ...versionHeaders(negotiated.minor) });
    return negotiated.minor;
  }

  private requireRoute(context: ExecutionContext, minor: number): void {
    const of = [context.getHandler(), context.getClass()];
    const last = this.reflector.getAllAndOverride<number | undefined>(LAST, of);
    const first = this.reflector.getAllAndOverride<number | undefined>(FIRST, of);
    if ((last !== undefined && minor > last) || (first !== undefined && minor < first)) throw new HttpProblem(404);
  }
}

/** nova 26.1, `Resource._process_stack`: not even an administrator's token opens another project's URL. */
function requireProject(inUrl: string | null, projectId: string): void {
  if (inUrl === null || inUrl === projectId) return;
  throw new HttpProblem(
    400,
    `Malformed request URL: URL's project_id '${inUrl}' doesn't match Context's project_id '${projectId}'`,
  );
}
