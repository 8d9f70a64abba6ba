import { type CanActivate, type ExecutionContext, Injectable, Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { NEEDS_NO_TOKEN } from './access';
import { BODY_LIMITS, type BodyLimits, LIMITS, STRANGERS_LIMITS, TAKES_STREAM } from './body-limits';
import { UnreadBody } from './body-parsers';
import { HttpProblem } from './problem';

/** Reads the body of a request, within the limits of its route. A request without one passes at once. */
@Injectable()
export class BodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws HttpProblem 415 for a stream where JSON is expected, or the other way round; and as `UnreadBody.read` does. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const body: unknown = request.body;
    if (typeof body !== 'object' || body === null) return true;
    const isUnread = body instanceof UnreadBody;
    if (!isUnread && !(body instanceof Readable)) return true;
    const of = [context.getHandler(), context.getClass()];
    const streams = this.reflector.getAllAndOverride<boolean | undefined>(TAKES_STREAM, of) === true;
    if (isUnread === streams) throw new HttpProblem(415);
    return isUnread ? read(request, body, this.limitsOf(of)) : true;
  }

  private limitsOf(of: Parameters<Reflector['getAllAndOverride']>[1]): BodyLimits {
    const anyone = this.reflector.getAllAndOverride<boolean | undefined>(NEEDS_NO_TOKEN, of) === true;
    const own = this.reflector.getAllAndOverride<Partial<BodyLimits> | undefined>(BODY_LIMITS, of);
    return { ...(anyone ? STRANGERS_LIMITS : LIMITS), ...own };
  }
}

async function read(request: FastifyRequest, body: UnreadBody, limits: BodyLimits): Promise<true> {
  request.body = await body.read(limits);
  return true;
}

/**
 * Guards run in the order in which their modules are imported. This module comes last: a caller without the right to call a
 * route cannot make the service read or keep anything.
 */
@Module({ providers: [{ provide: APP_GUARD, useClass: BodyGuard }] })
export class BodyModule {}
