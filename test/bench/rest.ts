import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One request on a connection that is kept. @throws Error for a status other than `expected`. */
export function rest(
  expected: number,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Answer> {
  const data = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
  const sent = data === undefined ? {} : { 'content-type': type, 'content-length': String(data.length) };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent, headers: { accept: 'application/json', ...sent, ...headers } });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const answer = { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
        if (answer.status === expected) resolve(answer);
        else reject(new Error(`${method} ${url}: ${String(answer.status)} ${answer.body.toString().slice(0, 300)}`));
      });
    });
    asked.end(data);
  });
}

export const json = ({ body }: Answer): unknown => JSON.parse(body.toString());

/** Lets go of the kept connections. */
export const hangUp = (): void => {
  agent.destroy();
};
