/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body's value; undefined when it is not JSON. */
  readonly body: unknown;
}

/** Sends JSON (an object) or text as it is. */
export async function send(
  url: string,
  method = 'GET',
  body?: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: valueOf(text) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The body of `POST /v3/auth/tokens` by password. */
export const passwordLogin = (name: string, password: string, project?: string): object => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name, domain: { name: 'Default' }, password } } },
    ...(project === undefined ? {} : { scope: { project: { name: project, domain: { id: 'default' } } } }),
  },
});

/** Status and message of an error in Keystone's shape. */
export const fault = ({ status, body }: Answer): readonly unknown[] => [
  status,
  (body as { error: { message: string } }).error.message,
];

/** One identity service, asked with and without tokens. */
export class ApiCaller {
  constructor(private readonly url: string) {}

  post(path: string, body: object | string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return send(`${this.url}${path}`, 'POST', body, headers);
  }

  withHeaders(headers: Readonly<Record<string, string>>, path: string, method: string, body: object): Promise<Answer> {
    return send(`${this.url}${path}`, method, body, headers);
  }

  /** @param subject a token that the request is about. */
  as(token: string, path: string, method = 'GET', body?: object, subject?: string): Promise<Answer> {
    return send(`${this.url}${path}`, method, body, {
      'x-auth-token': token,
      ...(subject === undefined ? {} : { 'x-subject-token': subject }),
    });
  }

  /** A token. */
  async logIn(name: string, password: string, project?: string): Promise<string> {
    const answer = await this.post('/v3/auth/tokens', passwordLogin(name, password, project));
    if (answer.status !== 201) throw new Error(`login of ${name}: ${String(answer.status)} ${answer.text}`);
    return answer.headers.get('x-subject-token') ?? '';
  }
}
