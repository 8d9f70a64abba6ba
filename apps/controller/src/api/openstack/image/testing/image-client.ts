import type { ImageCloud } from './image-cloud';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
type Headers = Readonly<Record<string, string>>;

export const PATCH_V21 = 'application/openstack-images-v2.1-json-patch';
export const PATCH_V20 = 'application/openstack-images-v2.0-json-patch';

/** An image as the service shows it. */
export interface ShownImage extends Record<string, unknown> {
  readonly id: string;
}

type Answer = Awaited<ReturnType<ImageCloud['app']['inject']>>;

/** Glance's JSON error. */
export const messageOf = (answer: Answer): string => answer.json<{ message: string }>().message;

/** What a client of the image service says; tokens as in `startImageCloud`. */
export class ImageClient {
  constructor(private readonly cloud: ImageCloud) {}

  send(method: Method, url: string, token = 'demo', payload?: string | Buffer, headers: Headers = {}): Promise<Answer> {
    return this.cloud.app.inject({
      method,
      url,
      headers: { 'x-auth-token': token, accept: 'application/json', ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  }

  post(body: unknown, token = 'demo'): Promise<Answer> {
    return this.send('POST', '/v2/images', token, JSON.stringify(body), { 'content-type': 'application/json' });
  }

  /** A qcow2 image called `cirros`, with what else is given. */
  async create(body: object = {}, token = 'demo'): Promise<ShownImage> {
    const answer = await this.post({ name: 'cirros', disk_format: 'qcow2', container_format: 'bare', ...body }, token);
    expect(answer.statusCode).toBe(201);
    return answer.json<ShownImage>();
  }

  async show(id: string): Promise<ShownImage> {
    return (await this.send('GET', `/v2/images/${id}`)).json<ShownImage>();
  }

  patch(id: string, changes: unknown, type = PATCH_V21, token = 'demo'): Promise<Answer> {
    return this.send('PATCH', `/v2/images/${id}`, token, JSON.stringify(changes), { 'content-type': type });
  }

  upload(id: string, bytes: string | Buffer, token = 'demo', type = 'application/octet-stream'): Promise<Answer> {
    return this.send('PUT', `/v2/images/${id}/file`, token, bytes, { 'content-type': type });
  }

  /** Names on the first page of a list. */
  async names(query: string, token = 'demo'): Promise<unknown[]> {
    const answer = await this.send('GET', `/v2/images?${query}`, token);
    expect([query, answer.statusCode]).toEqual([query, 200]);
    return answer.json<{ images: ShownImage[] }>().images.map(({ name }) => name);
  }
}
