import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { type Observable, race } from 'rxjs';
import { NEEDS_NO_TOKEN } from './access';
import { BODY_LIMITS, type BodyLimits, LIMITS, STRANGERS_LIMITS, TAKES_STREAM } from './body-limits';
import { HttpProblem } from './problem';
import { stalled } from './progress';
import { UnreadBody } from './body-parsers';

/**
 * Reads the body of a request, within the limits of its route. As an interceptor it runs behind all guards: whoever has no
 * right to call the route cannot make the service read or keep anything.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const body: unknown = request.body;
    const of = [context.getHandler(), context.getClass()];
    const streams = this.reflector.getAllAndOverride<boolean | undefined>(TAKES_STREAM, of) === true;
    if (body instanceof UnreadBody) {
      if (streams) throw new HttpProblem(415);
      request.body = await body.read(this.limitsOf(of));
    } else if (body instanceof Readable) {
      if (!streams) throw new HttpProblem(415);
      return race(next.handle(), stalled(request.raw));
    }
    return next.handle();
  }

  private limitsOf(of: Parameters<Reflector['getAllAndOverride']>[1]): BodyLimits {
    const anyone = this.reflector.getAllAndOverride<boolean | undefined>(NEEDS_NO_TOKEN, of) === true;
    const own = this.reflector.getAllAndOverride<Partial<BodyLimits> | undefined>(BODY_LIMITS, of);
    return { ...(anyone ? STRANGERS_LIMITS : LIMITS), ...own };
  }
}
