import type { Transport } from '../../apps/controller/src/cli/nova/client';
import { nova } from '../../apps/controller/src/cli/nova/nova';
import { FuzzCloud } from '../fuzz/fuzz-cloud';

/** What a call of the command left behind. */
export interface Called {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** What Debian's `nova` was called with, if it was. */
  readonly debians: readonly string[] | undefined;
}

const SERVICES: Readonly<Record<string, string>> = { 5000: 'identity', 8774: 'compute', 9292: 'image' };

/** A cloud with simulated hosts, and the command as its administrator calls it. Nothing listens. */
export class CommandedCloud {
  private constructor(readonly cloud: FuzzCloud) {}

  static async start(): Promise<CommandedCloud> {
    return new CommandedCloud(await FuzzCloud.start());
  }

  async call(...words: readonly string[]): Promise<Called> {
    let [out, err] = ['', ''];
    let debians: readonly string[] | undefined;
    const status = await nova(words, {
      env: {
        OS_AUTH_URL: 'http://localhost:5000/v3',
        OS_USERNAME: 'admin',
        OS_PASSWORD: 'secret',
        OS_PROJECT_NAME: 'admin',
      },
      transport: this.transport,
      out: (text) => (out += text),
      err: (text) => (err += text),
      debians: (given) => {
        debians = given;
        return Promise.resolve(0);
      },
    });
    await this.cloud.settle();
    return { status, out, err, debians };
  }

  close(): Promise<void> {
    return this.cloud.close();
  }

  private readonly transport: Transport = async ({ method, url, headers, body }) => {
    const { port, pathname, search, host } = new URL(url);
    const payload = body === undefined ? {} : { payload: Buffer.from(body) };
    const service = SERVICES[port] ?? port;
    const reply = await this.cloud.send({
      service,
      method,
      url: pathname + search,
      headers: { host, ...headers },
      ...payload,
    });
    const heads = Object.entries(reply.headers).map(([name, value]) => [name, String(value)]);
    return { status: reply.status, headers: Object.fromEntries(heads) as Record<string, string>, text: reply.text };
  };
}
