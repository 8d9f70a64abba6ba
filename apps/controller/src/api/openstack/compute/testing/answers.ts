import type { ComputeCloud, Reply } from './compute-cloud';
import { microversion } from './microversion';

/** What the API says of one server. */
export interface Shown {
  readonly server: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** Status and message of an answer; the message is null for one that is no fault. */
export async function outcome(answer: Reply | Promise<Reply>): Promise<readonly unknown[]> {
  const { status, body } = await answer;
  const [fault] = Object.values((body ?? {}) as Readonly<Record<string, { readonly message?: string }>>);
  return [status, status < 400 ? null : fault?.message];
}

/** The id in the answer to a launch. */
export const launchedId = ({ body }: Reply): string => (body as Shown).server.id;

export const shownServer = async (cloud: ComputeCloud, who: string, id: string, minor = 1): Promise<Shown['server']> =>
  ((await cloud.ask(who, 'GET', `/servers/${id}`, undefined, microversion(minor))).body as Shown).server;

/** The names that a list of servers shows, in its order. */
export async function serverNames(cloud: ComputeCloud, who: string, query: string, minor = 1): Promise<string[]> {
  const { body } = await cloud.ask(who, 'GET', `/servers?${query}`, undefined, microversion(minor));
  return (body as { servers: { name: string }[] }).servers.map(({ name }) => name);
}
