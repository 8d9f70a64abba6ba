import { own } from '@cairn/domain';

/** A request to one of the services, as it is sent. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Carries a request over; `fetch` where there is a network. */
export type Transport = (sent: Sent) => Promise<Received>;

export type Json = Readonly<Record<string, unknown>>;

/** What the user has to be told; no stack. */
export class CommandError extends Error {}

export interface Credentials {
  readonly authUrl: string;
  readonly userName: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomain: string;
  readonly projectDomain: string;
}

/** The last microversion that has networks, floating IPs and hosts as the guide knows them. */
const MICROVERSION = '2.35';

/** @throws CommandError that names what is missing. */
export function credentialsOf(options: ReadonlyMap<string, string>, env: NodeJS.ProcessEnv): Credentials {
  const given = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = options.get(name.toLowerCase().replaceAll('_', '-')) ?? own(env, name);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  const needed = (what: string, ...names: readonly string[]): string => {
    const value = given(...names);
    if (value === undefined)
      throw new CommandError(
        `You must provide a ${what} via --${(names[0] ?? '').toLowerCase().replaceAll('_', '-')} or env[${names[0] ?? ''}]`,
      );
    return value;
  };
  return {
    authUrl: needed('auth url', 'OS_AUTH_URL').replace(/\/+$/, ''),
    userName: needed('user name', 'OS_USERNAME'),
    password: needed('password', 'OS_PASSWORD'),
    projectName: needed('project name', 'OS_PROJECT_NAME', 'OS_TENANT_NAME'),
    userDomain: given('OS_USER_DOMAIN_NAME') ?? 'Default',
    projectDomain: given('OS_PROJECT_DOMAIN_NAME') ?? 'Default',
  };
}

interface CatalogEntry {
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly {
    readonly interface: string;
    readonly url: string;
    readonly region: string;
    readonly id: string;
  }[];
}

/** Who is logged in, and where the services are. */
export interface Session {
  readonly token: string;
  readonly expires: string;
  readonly user: Json;
  readonly project: { readonly id: string; readonly name: string };
  readonly catalog: readonly CatalogEntry[];
}

/** A client of the cloud's APIs, for what Debian's `nova` does not know any more. */
export class Client {
  private loggedIn: Promise<Session> | undefined;

  /** @param tell is given each line of the exchange that `--debug` shows; undefined: nobody wants to see it. */
  constructor(
    private readonly transport: Transport,
    private readonly credentials: Credentials,
    private readonly tell?: (line: string) => void,
  ) {}

  session(): Promise<Session> {
    return (this.loggedIn ??= this.logIn());
  }

  async compute(method: string, path: string, body?: object): Promise<Json> {
    const headers = { 'x-openstack-nova-api-version': MICROVERSION };
    return this.ask(method, `${await this.endpoint('compute')}${path}`, headers, body);
  }

  /** @param path behind the service's root, from its version on */
  async image(method: string, path: string): Promise<Json> {
    return this.ask(method, `${await this.endpoint('image')}${path}`, { accept: 'application/json' });
  }

  private async endpoint(type: string): Promise<string> {
    const { catalog } = await this.session();
    const found = catalog.find((entry) => entry.type === type)?.endpoints.find((one) => one.interface === 'public');
    if (found === undefined) throw new CommandError(`The catalog has no service of type ${type}.`);
    return found.url.replace(/\/+$/, '');
  }

  private async ask(method: string, url: string, headers: Sent['headers'], body?: object): Promise<Json> {
    const { token } = await this.session();
    const { text } = await this.send({
      method,
      url,
      headers: { 'x-auth-token': token, accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return text.startsWith('{') ? (JSON.parse(text) as Json) : {};
  }

  private async logIn(): Promise<Session> {
    const { userName, password, projectName, userDomain, projectDomain, authUrl } = this.credentials;
    const user = { name: userName, domain: { name: userDomain }, password };
    const scope = { project: { name: projectName, domain: { name: projectDomain } } };
    const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } });
    const sent = { method: 'POST', url: `${v3Of(authUrl)}/auth/tokens`, headers: { accept: 'application/json' }, body };
    const { headers, text } = await this.send(sent, body.replace(JSON.stringify(password), '"***"'));
    const { token } = JSON.parse(text) as {
      token: { expires_at: string; user: Json; project: { id: string; name: string }; catalog: CatalogEntry[] };
    };
    const { expires_at: expires, project, catalog } = token;
    return { token: headers['x-subject-token'] ?? '', expires, user: token.user, project, catalog };
  }

  /** @param shown of the body, where it holds a secret. @throws CommandError for a refusal, in the service's words. */
  private async send(sent: Sent, shown = sent.body): Promise<Received> {
    const typed =
      sent.body === undefined ? sent : { ...sent, headers: { ...sent.headers, 'content-type': 'application/json' } };
    this.tell?.(`REQ: ${sent.method} ${sent.url}${linesOf(typed.headers)}${shown === undefined ? '' : `\n${shown}`}`);
    const received = await this.transport(typed);
    const hidden = received.text.replaceAll(/("(?:adminPass|password|private_key)"\s*:\s*)"[^"]*"/g, '$1"***"');
    this.tell?.(`RESP: ${String(received.status)}${linesOf(received.headers)}\n${hidden}\n`);
    if (received.status >= 400) throw new CommandError(refusal(received));
    return received;
  }
}

/** v2.0 of the guide is the same users and projects. */
const v3Of = (authUrl: string): string =>
  /\/v[23](\.0)?$/.test(authUrl) ? authUrl.replace(/\/v[23](\.0)?$/, '/v3') : `${authUrl}/v3`;

const SECRET = /^x-(auth|subject)-token$/;

const linesOf = (headers: Sent['headers']): string =>
  Object.entries(headers)
    .map(([name, value]) => `\n  ${name}: ${SECRET.test(name) ? '***' : value}`)
    .join('');

/** As python-novaclient ends: `ERROR (NotFound): … (HTTP 404) (Request-ID: req-…)`. */
function refusal({ status, headers, text }: Received): string {
  const id = headers['x-openstack-request-id'];
  return `${messageIn(text)} (HTTP ${String(status)})${id === undefined ? '' : ` (Request-ID: ${id})`}`;
}

function messageIn(text: string): string {
  try {
    const [inner] = Object.values(JSON.parse(text) as Json);
    const { message } = (typeof inner === 'object' && inner !== null ? inner : JSON.parse(text)) as {
      message?: unknown;
    };
    return typeof message === 'string' ? message : text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}
