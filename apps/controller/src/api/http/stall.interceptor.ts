import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { type Observable, race } from 'rxjs';
import { stalled } from './progress';

/** Ends a request whose streamed body has stopped arriving. */
@Injectable()
export class StallInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body, raw } = context.switchToHttp().getRequest<FastifyRequest>();
    return body instanceof Readable ? race(next.handle(), stalled(raw)) : next.handle();
  }
}
