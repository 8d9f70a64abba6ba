import { applyDecorators, type CustomDecorator, SetMetadata, UseInterceptors } from '@nestjs/common';
import { StallInterceptor } from './stall.interceptor';

/** How much one JSON body may hold, counted while it is read. */
export interface BodyLimits {
  readonly bytes: number;
  /** Members of objects and items of lists, at every depth: the work that a body can make grows with them. */
  readonly values: number;
}

const KIB = 1024;

/** More than the largest that OpenStack's clients send (user data of 64 KiB, five personality files, 128 properties). */
export const LIMITS: BodyLimits = { bytes: KIB * KIB, values: 4096 };

/** Where nobody has said who they are yet: a login. */
export const STRANGERS_LIMITS: BodyLimits = { bytes: 64 * KIB, values: 128 };

export const BODY_LIMITS = 'cairn:body-limits';
export const TAKES_STREAM = 'cairn:takes-stream';

/** What the bodies of a route, or of a controller's routes, may hold where the limits of all are not right. */
export const Bounded = (limits: Partial<BodyLimits>): CustomDecorator => SetMetadata(BODY_LIMITS, limits);

/** The route takes its body as a stream, of one of its service's `streamedTypes`: any other is 415. */
export const TakesStream = (): MethodDecorator =>
  applyDecorators(SetMetadata(TAKES_STREAM, true), UseInterceptors(StallInterceptor));
