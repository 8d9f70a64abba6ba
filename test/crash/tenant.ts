import type { Cloud } from '../e2e/cloud';

/** What came of a request: an answer, or none (the connection broke, nobody listened, it took too long). */
export type Answer =
  { readonly status: number; readonly body: unknown } | { readonly status: undefined; readonly why: string };

const PATIENCE_MS = 60_000;

interface Token {
  readonly token: { readonly user: { readonly id: string }; readonly project: { readonly id: string } };
}

/** A user of the cloud who speaks HTTP without a client between, so that each request can be counted. */
export class Tenant {
  private constructor(
    private readonly cloud: Cloud,
    private readonly secret: string,
    readonly userId: string,
    readonly projectId: string,
  ) {}

  static async login(cloud: Cloud, name: string): Promise<Tenant> {
    const domain = { name: 'Default' };
    const user = { name, domain, password: cloud.password(name) };
    const identity = { methods: ['password'], password: { user } };
    const answer = await fetch(`${cloud.url('identity')}/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { name, domain } } } }),
    });
    const secret = answer.headers.get('x-subject-token');
    if (secret === null) throw new Error(`no token for ${name}: ${String(answer.status)} ${await answer.text()}`);
    const { token } = (await answer.json()) as Token;
    return new Tenant(cloud, secret, token.user.id, token.project.id);
  }

  /** @param path below the compute API's root of the tenant's project. @param key the `Idempotency-Key`. */
  async ask(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    try {
      const answer = await fetch(`${this.cloud.url('compute')}/v2.1/${this.projectId}${path}`, {
        method,
        headers: {
          'x-auth-token': this.secret,
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    } catch (error) {
      return { status: undefined, why: reasonOf(error) };
    }
  }

  /** Asks until there is an answer that is no 503: for questions, not for changes. */
  async know<T>(path: string): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.ask('GET', path);
      if (answer.status === 200) return answer.body as T;
      if (Date.now() > end || (answer.status !== undefined && answer.status !== 503))
        throw new Error(`GET ${path}: ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
