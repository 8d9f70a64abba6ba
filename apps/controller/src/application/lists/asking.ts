import type { Caller } from '../core';
import type { Asking } from './definition';
import { queryParameters } from './parameters';

/** A request to an API without microversions. @param query what Fastify's query parser gives */
export const askingOf = ({ principal, rights }: Caller, query: unknown): Asking => ({
  query: queryParameters(query),
  rights,
  projectId: principal.actor.projectId,
  userId: principal.actor.userId,
  minor: 0,
});
