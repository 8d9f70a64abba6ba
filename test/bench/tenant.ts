import { deriveId } from '@cairn/domain';

import { json, rest } from './rest';

/** Where a cloud's services are, and a user's way in. */
export interface Access {
  readonly identity: string;
  readonly compute: string;
  readonly user: string;
  readonly password: string;
  readonly project: string;
}

export interface ServerBrief {
  readonly id: string;
  readonly name: string;
}

/** The network that a cloud is born with. */
export const NETWORK = deriveId('bootstrap', 'network');

/** Nova's microversion of the measuring script that OpenStack was measured with. */
const MICROVERSION = '2.37';

export class Tenant {
  private constructor(
    private readonly access: Access,
    readonly token: string,
    readonly projectId: string,
  ) {}

  static async login(access: Access): Promise<Tenant> {
    const { user, password, project } = access;
    const domain = { id: 'default' };
    const identity = { methods: ['password'], password: { user: { name: user, password, domain } } };
    const body = { auth: { identity, scope: { project: { name: project, domain } } } };
    const answer = await rest(201, 'POST', `${access.identity}/v3/auth/tokens`, {}, body);
    const { token } = json(answer) as { token: { project: { id: string } } };
    return new Tenant(access, String(answer.headers['x-subject-token']), token.project.id);
  }

  /** Keystone's own question about a token: is it good, and what for. */
  async validate(): Promise<void> {
    const headers = { 'x-auth-token': this.token, 'x-subject-token': this.token };
    await rest(200, 'GET', `${this.access.identity}/v3/auth/tokens`, headers);
  }

  /** A call of the compute API; the path begins behind `/v2.1`. */
  async compute<T>(
    expected: number,
    method: string,
    path: string,
    body?: unknown,
    microversion = MICROVERSION,
  ): Promise<T | undefined> {
    const headers = { 'x-auth-token': this.token, 'x-openstack-nova-api-version': microversion };
    const answer = await rest(expected, method, `${this.access.compute}/v2.1${path}`, headers, body);
    return answer.body.length === 0 ? undefined : (json(answer) as T);
  }

  async create(name: string, image: string): Promise<string> {
    const server = { name, imageRef: image, flavorRef: 'bench', networks: [{ uuid: NETWORK }] };
    const made = await this.compute<{ server: { id: string } }>(202, 'POST', '/servers', { server });
    return made?.server.id ?? '';
  }

  async statusOf(id: string): Promise<string> {
    const shown = await this.compute<{ server: { status: string } }>(200, 'GET', `/servers/${id}`);
    return shown?.server.status ?? '';
  }

  /** Does not parse the bytes: the benchmark measures the cloud. */
  async show(id: string): Promise<void> {
    await this.bytes(`/servers/${id}`);
  }

  /** @throws Error when the answer is too short for that many servers. */
  async details(limit: number, query = '', microversion = MICROVERSION): Promise<void> {
    const length = await this.bytes(`/servers/detail?limit=${String(limit)}${query}`, microversion);
    if (length < limit * 200) throw new Error(`a list of ${String(limit)} servers has ${String(length)} bytes only`);
  }

  /** All servers, page by page. */
  async list(query = ''): Promise<readonly ServerBrief[]> {
    const all: ServerBrief[] = [];
    for (let marker = ''; ;) {
      const path = `/servers?limit=1000${query}${marker === '' ? '' : `&marker=${marker}`}`;
      const page = (await this.compute<{ servers: ServerBrief[] }>(200, 'GET', path))?.servers ?? [];
      all.push(...page);
      if (page.length < 1_000) return all;
      marker = page.at(-1)?.id ?? '';
    }
  }

  async delete(id: string): Promise<void> {
    await this.compute(204, 'DELETE', `/servers/${id}`);
  }

  private async bytes(path: string, microversion = MICROVERSION): Promise<number> {
    const headers = { 'x-auth-token': this.token, 'x-openstack-nova-api-version': microversion };
    const { body } = await rest(200, 'GET', `${this.access.compute}/v2.1${path}`, headers);
    return body.length;
  }
}
