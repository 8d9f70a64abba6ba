import type { RecordedEvent } from '@cairn/event-store';

import type { Asked } from './asked';
import type { HttpReply } from './fuzz-cloud';
import type { Operation } from './operations';

/** What is wrong with an answer, or with what followed. */
export interface Fault {
  readonly kind: string;
  readonly detail: string;
}

/** All that is known of one request when it is judged. */
export interface Exchange {
  readonly asked: Asked;
  readonly operation: Operation;
  readonly reply: HttpReply;
  /** What the request itself has appended. */
  readonly events: readonly RecordedEvent[];
  /** What was logged as an error meanwhile. */
  readonly errors: readonly string[];
  /** Of the process, in ms. */
  readonly cpuMs: number;
}

/** What no request may cost, collections of garbage included: far more than any does, far less than what hangs. */
const MOST_CPU_MS = 2_000;

const NOT_IMPLEMENTED = 501;

/** A project's default security group is made when somebody first looks at its groups, whatever becomes of the request. */
const COME_OF_THEMSELVES = ['registry.numbers-allocated.v1', 'security-group.created.v1'];

const wanted = (events: Exchange['events']): readonly string[] =>
  events.map(({ type }) => type).filter((type) => !COME_OF_THEMSELVES.includes(type));

/** Grants with 201 or 202 that may change nothing, each for a reason. Any other grant may find that it is so already. */
const CHANGES_NOTHING: Readonly<Record<string, string>> = {
  'identity POST /v3/auth/tokens': 'a token is no event: it says itself what it stands for',
  'identity POST /v2.0/tokens': 'a token is no event: it says itself what it stands for',
  'compute POST /servers/{id}/action os-getConsoleOutput': 'a question',
  'compute POST /os-aggregates/{id}/images': 'an aggregate may have no hosts',
  ...Object.fromEntries(
    [
      'identity PATCH /v3/projects/{id}',
      'identity PUT /v3/projects/{id}/tags',
      'identity DELETE /v3/projects/{id}/tags',
      'identity PUT /v3/projects/{id}/tags/{tag}',
      'identity PATCH /v3/users/{id}',
      'identity DELETE /v3/auth/tokens',
      'identity DELETE /v2.0/tokens/{token}',
      'identity PUT /v3/projects/{projectId}/users/{userId}/roles/{roleId}',
      'compute POST /servers/{id}/action lock',
      'compute POST /servers/{id}/action unlock',
      'compute POST /servers/{id}/action os-resetState',
      'compute POST /os-volumes_boot/{id}/action',
      'compute PUT /servers/{id}',
      'compute POST /servers/{id}/metadata',
      'compute PUT /servers/{id}/metadata',
      'compute PUT /servers/{id}/metadata/{key}',
      'compute PUT /servers/{id}/tags',
      'compute PUT /servers/{id}/tags/{tag}',
      'compute DELETE /servers/{id}/tags',
      'compute DELETE /servers/{id}',
      'compute PUT /flavors/{id}',
      'compute POST /flavors/{id}/os-extra_specs',
      'compute PUT /flavors/{id}/os-extra_specs/{key}',
      'compute PUT /os-quota-sets/{id}',
      'compute DELETE /os-quota-sets/{id}',
      'compute PUT /os-quota-class-sets/{id}',
      'compute PUT /os-services/{id}',
      'compute PUT /os-services/enable',
      'compute PUT /os-services/disable',
      'compute PUT /os-services/disable-log-reason',
      'compute PUT /os-services/force-down',
      'compute PUT /os-hosts/{name}',
      'compute PUT /os-aggregates/{id}',
      'compute POST /os-aggregates/{id}/action',
      'compute POST /os-networks/{id}/action',
      'compute POST /os-fixed-ips/{id}/action',
      'image PATCH /v2/images/{imageId}',
      'image PUT /v2/images/{imageId}/tags/{tag}',
    ].map((key) => [key, 'it may be so already']),
  ),
};

const methodOf = ({ headers }: Asked): string | undefined => headers[':method'];

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasCodeAndMessage = (value: unknown, status: number, ...more: readonly string[]): boolean =>
  isFields(value) &&
  value['code'] === status &&
  typeof value['message'] === 'string' &&
  Object.keys(value).every((key) => ['code', 'message', ...more].includes(key));

/** Whether an error has the body of its service. */
const SHAPES: Readonly<Record<string, (reply: HttpReply) => boolean>> = {
  identity: ({ status, text }) => {
    const body = jsonOf(text);
    return isFields(body) && hasCodeAndMessage(body['error'], status, 'title') && Object.keys(body).length === 1;
  },
  compute: ({ status, text }) => {
    const body = jsonOf(text);
    const [only, ...others] = isFields(body) ? Object.values(body) : [];
    return others.length === 0 && hasCodeAndMessage(only, status, 'retryAfter');
  },
  image: ({ status, text, headers }) => {
    const type = String(headers['content-type']);
    if (type.startsWith('application/json')) return isFields(jsonOf(text));
    return /^text\/(html|plain)/.test(type) && text.includes(String(status));
  },
  hosts: ({ status, text }) => text.startsWith(`${String(status)} `),
};

const IDS: Readonly<Record<string, readonly string[]>> = {
  compute: ['x-openstack-request-id', 'x-compute-request-id'],
};

/** One rule that holds for every request: what is wrong, or undefined. */
type Oracle = (exchange: Exchange) => string | undefined;

const isGrant = ({ status }: HttpReply): boolean => status < 400;

const ORACLES: Readonly<Record<string, Oracle>> = {
  'a server error': ({ reply: { status, text } }) =>
    status >= 500 && status !== NOT_IMPLEMENTED ? `${String(status)} ${text.slice(0, 300)}` : undefined,
  'an error in the log': ({ errors }) => errors[0],
  'no request id': ({ operation, reply }) => {
    const names = IDS[operation.route.service] ?? ['x-openstack-request-id'];
    const ids = names.map((name) => String(reply.headers[name]));
    const good = ids.every((id) => /^req-[0-9a-f-]{36}$/.test(id)) && new Set(ids).size === 1;
    return good ? undefined : JSON.stringify(ids);
  },
  'an error of another shape': ({ asked, operation, reply }) => {
    const hasBody = reply.status >= 400 && methodOf(asked) !== 'HEAD';
    const isShaped = SHAPES[operation.route.service]?.(reply) ?? true;
    return hasBody && !isShaped ? `${String(reply.headers['content-type'])}: ${reply.text.slice(0, 300)}` : undefined;
  },
  'a refused request that appended': ({ reply, events }) =>
    isGrant(reply) || wanted(events).length === 0 ? undefined : wanted(events).join(' '),
  'a grant that changed nothing': ({ asked, operation, reply, events }) => {
    const claims = reply.status === 201 || reply.status === 202;
    const writes = operation.writes && methodOf(asked) === undefined && claims && events.length === 0;
    return writes && CHANGES_NOTHING[operation.key] === undefined ? String(reply.status) : undefined;
  },
  'a read that appended': ({ asked, operation, events }) =>
    operation.writes || methodOf(asked) !== undefined || wanted(events).length === 0
      ? undefined
      : wanted(events).join(' '),
  'a grant to nobody': ({ asked, operation, reply }) => {
    const isOpen = operation.route.access === 'anyone' || asked.headers['x-auth-token'] !== undefined;
    const isNobody = asked.who === 'nobody' || asked.who === 'stranger';
    return isNobody && !isOpen && isGrant(reply) ? String(reply.status) : undefined;
  },
  'a write without a role': ({ asked, operation, reply, events }) =>
    asked.who === 'norole' && operation.route.access !== 'anyone' && isGrant(reply) && events.length > 0
      ? String(reply.status)
      : undefined,
  'too much work': ({ cpuMs }) => (cpuMs > MOST_CPU_MS ? `${cpuMs.toFixed(0)} ms of a processor` : undefined),
};

/** The first rule that an exchange breaks. */
export function faultOf(exchange: Exchange): Fault | undefined {
  for (const [kind, oracle] of Object.entries(ORACLES)) {
    const detail = oracle(exchange);
    if (detail !== undefined) return { kind, detail };
  }
  return undefined;
}
