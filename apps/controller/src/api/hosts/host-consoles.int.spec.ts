import { CONSOLE_PROTOCOL, consolePath, HOST_HEADER } from '@cairn/host-protocol';
import { streamRef } from '@cairn/domain';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { hostToken } from '../../host-token';
import { ConsoleBroker, NoConsole } from '../../runtime/console-broker';
import { NoReply, ReplyBroker } from '../../runtime/replies';
import { systemClock } from '../../runtime/system-clock';
import { HttpProblem } from '../http';
import { HostConsoles } from './host-consoles';
import { HOSTS, type HostsCloud, startHostsCloud } from './testing/hosts-cloud';

const [HERE, ELSEWHERE] = HOSTS;
const SERVER = streamRef('instance', '1a4e0000-0000-4000-8000-00000000000a');

describe('the port of hosts, for consoles', () => {
  let cloud: HostsCloud;
  let port = 0;
  let numbers = 0;
  const asked: string[] = [];
  const clock = {
    now: () => systemClock.now(),
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 50, signal),
  };
  const queue = {
    add: (_host: string, id: string): Promise<void> => {
      asked.push(id);
      return Promise.resolve();
    },
  };
  const replies = new ReplyBroker(queue, clock);
  const uuid = (): string => `00000000-0000-4000-8000-${String((numbers += 1)).padStart(12, '0')}`;
  const consoles = new ConsoleBroker(replies, { uuid });

  beforeAll(async () => {
    cloud = await startHostsCloud({ replies, consoles, clock });
    await cloud.app.listen(0, '127.0.0.1');
    port = (cloud.app.getHttpServer().address() as AddressInfo).port;
  });
  afterAll(() => cloud.close());

  /** What the port answers to an agent that brings a console: the connection, or the status of the refusal. */
  function bring(
    requestId: string,
    hostId: string,
    token = hostToken(cloud.core.keyring, hostId),
  ): Promise<Socket | number> {
    const headers = {
      connection: 'Upgrade',
      upgrade: CONSOLE_PROTOCOL,
      authorization: `Bearer ${token}`,
      [HOST_HEADER]: hostId,
    };
    return new Promise((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path: consolePath(requestId), headers });
      sent.on('upgrade', (_answer: IncomingMessage, socket: Socket) => {
        resolve(socket);
      });
      sent.on('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', reject).end();
    });
  }

  const ask = (): { readonly requestId: string; readonly console: Promise<Duplex> } => {
    const console = consoles.open(HERE, SERVER, 'vnc');
    return { requestId: asked.at(-1) ?? '', console };
  };

  it('takes the console that was asked for, once, and joins both ends', async () => {
    const { requestId, console } = ask();
    const agent = (await bring(requestId, HERE)) as Socket;
    const opened = await console;
    agent.write('from the guest');
    expect(String((await once(opened, 'data'))[0])).toBe('from the guest');
    opened.write('to the guest');
    expect(String((await once(agent, 'data'))[0])).toBe('to the guest');
    expect(await bring(requestId, HERE)).toBe(404);
    opened.destroy();
    await once(agent, 'close');
  });

  it('takes none that nobody asked for, none of another host, and none without a credential', async () => {
    const { requestId, console } = ask();
    expect(await bring(requestId, ELSEWHERE)).toBe(404);
    expect(await bring(requestId, HERE, '00'.repeat(32))).toBe(401);
    expect(await bring('00000000-0000-4000-8000-00000000dead', HERE)).toBe(404);
    expect(await bring('x', HERE)).toBe(404);
    const agent = (await bring(requestId, HERE)) as Socket;
    (await console).destroy();
    agent.destroy();
  });

  it('passes on why a host has none, and gives up on one that is silent', async () => {
    const { requestId, console } = ask();
    replies.resolve(HERE, requestId, 'The guest does not run.');
    await expect(console).rejects.toThrow(new NoConsole('The guest does not run.'));
    const silent = ask();
    await expect(silent.console).rejects.toThrow(NoReply);
    expect(await bring(silent.requestId, HERE)).toBe(404);
  });

  it('ends what a host has open when it is shut out', async () => {
    const access = { require: jest.fn().mockResolvedValueOnce(HERE).mockRejectedValue(new HttpProblem(401)) };
    let taken: Duplex | undefined;
    const waitingFor = () => (socket: Duplex) => (taken = socket);
    const host = new HostConsoles(access as never, { waitingFor }, clock);
    const server = createServer((socket) => {
      const headers = { upgrade: CONSOLE_PROTOCOL };
      void host.upgrade({ url: consolePath(uuid()), headers } as unknown as IncomingMessage, socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const agent = connect((server.address() as AddressInfo).port, '127.0.0.1');
    agent.resume();
    await once(agent, 'close');
    expect(taken?.destroyed).toBe(true);
    await once(server.close(), 'close');
  });
});
