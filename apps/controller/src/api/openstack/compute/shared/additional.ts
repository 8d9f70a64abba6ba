import { own } from '@cairn/domain';
import { HttpProblem } from '../../../http';

/** Refuses a field that the microversion does not know, as nova does with every unknown field. */
export function refuseBefore(minor: number, since: number, body: object, field: string): void {
  if (minor >= since || own(body as Readonly<Record<string, unknown>>, field) === undefined) return;
  throw new HttpProblem(400, `Additional properties are not allowed ('${field}' was unexpected)`);
}

export const badRequest = (message: string): HttpProblem => new HttpProblem(400, message);

/** What a route of nova's that Cairn does not have yet answers. */
export const notBuilt = (): HttpProblem => new HttpProblem(501, 'The requested functionality is not supported.');
