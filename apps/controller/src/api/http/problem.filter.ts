import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandContext } from '../../application/core';
import type { Core } from '../../application/core';
import type { Log } from '../../log';
import { PolicyRefusal } from '../../policy';
import { type Problem, problemOf } from './problem';
import { hasScope, scopeOf } from './request-scope';
import type { Routes } from './routes';
import type { ServiceDefinition } from './service';

const NOT_IMPLEMENTED = 501;
const BUG: Problem = { status: 500, message: undefined, headers: {} };

/** Every error of a service ends here: known ones in the service's shape, bugs as a 500 that tells nothing but is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly definition: Pick<ServiceDefinition, 'dialect' | 'exactPaths'>,
    private readonly routes: Routes,
    private readonly log: Log,
    private readonly core: Pick<Core, 'audit' | 'random'>,
    private readonly open: (request: FastifyRequest, reply: FastifyReply) => void,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    // Fastify calls no hook for a URL that cannot be decoded where no route has the method
    if (!hasScope(request)) this.open(request, http.getResponse());
    if (error instanceof PolicyRefusal) this.record(error, request);
    const problem = this.routed(request) ?? problemOf(error) ?? this.bug(error, request);
    if (this.isMissing(request) || problem.status === NOT_IMPLEMENTED) this.notServed(request);
    this.answer(problem, request, http.getResponse());
  }

  answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
    // A body that was already on its way cannot become an error: the client sees it end too early.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const { dialect } = this.definition;
    const message = problem.message ?? dialect.message(problem.status);
    const { body, contentType } = dialect.render(problem.status, message, request.headers.accept);
    void reply.status(problem.status).headers(problem.headers).header('content-type', contentType).send(body);
  }

  /** For a request that no route took: 405 when another method would have been taken, else 404. */
  private routed(request: FastifyRequest): Problem | undefined {
    if (!request.is404) return undefined;
    const methods = this.routes.methodsOf(request.url);
    if (methods.length === 0) return { status: 404, message: undefined, headers: {} };
    return { status: 405, message: undefined, headers: { allow: methods.join(', ') } };
  }

  /** No route took it, though it may be one of OpenStack's: a slash too many is no call that could be served. */
  private isMissing({ is404, url }: FastifyRequest): boolean {
    return is404 && !(this.definition.exactPaths === true && url.split('?', 1)[0]?.endsWith('/') === true);
  }

  /** A client asked for something that OpenStack may have and Cairn lacks. The path stays out: it may hold a token. */
  private notServed(request: FastifyRequest): void {
    const { requestId, api } = scopeOf(request);
    this.log.info('request not served', { requestId, api, method: request.method });
  }

  /** Reading what one may not is no command. */
  private record({ rule }: PolicyRefusal, request: FastifyRequest): void {
    const scope = scopeOf(request);
    const { principal, rights } = scope;
    if (principal === undefined || rights === undefined) return;
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const caller = { ...scope, principal, rights };
    this.core.audit.refusedByPolicy(rule, commandContext(caller, rule, this.core.random));
  }

  private bug(error: unknown, request: FastifyRequest): Problem {
    const { requestId, api } = scopeOf(request);
    const { method, routeOptions } = request;
    this.log.error('request failed', { requestId, api, method, route: routeOptions.url, error });
    return BUG;
  }
}
