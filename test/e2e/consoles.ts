import { once } from 'node:events';
import { createWebSocketStream, WebSocket } from 'ws';

import { Bytes, greetScreen } from '../../apps/agent/src/ports/guest-consoles.contract';
import { ADMIN, type Cloud, type Credentials, eventually } from './cloud';

/** The URL of a server's console that the stock client is told. */
export async function consoleUrl(
  cloud: Cloud,
  kind: 'novnc' | 'serial',
  server: string,
  as: Credentials = ADMIN,
): Promise<string> {
  return (await cloud.openstack<{ url: string }>(['console', 'url', 'show', `--${kind}`, server], as)).url;
}

/** Where the page of a screen's URL finds its websocket; a serial port's URL is one already. */
export function websocketOf(url: string): string {
  const page = new URL(url);
  const path = page.searchParams.get('path');
  const found = path === null ? page : new URL(path, new URL('.', page));
  found.protocol = found.protocol.replace('http', 'ws');
  return found.href;
}

/** Connects as a browser's page does that came from the same place. @param ca of the authority behind `wss:` */
export async function openConsole(url: string, ca?: string): Promise<Bytes> {
  const address = websocketOf(url);
  const { origin } = new URL(address.replace(/^ws/, 'http'));
  const socket = new WebSocket(address, ['binary'], { origin, ...(ca === undefined ? {} : { ca }) });
  // before it opens: what the console says first may come with the answer itself
  const bytes = new Bytes(createWebSocketStream(socket, { allowHalfOpen: false }));
  await Promise.race([
    once(socket, 'open'),
    once(socket, 'unexpected-response').then(([, { statusCode }]) => {
      socket.terminate();
      throw new Error(`refused with ${String((statusCode as number | undefined) ?? 0)}`);
    }),
  ]);
  return bytes;
}

/** Waits until a serial port has written that. */
export async function shows(serial: Bytes, pattern: RegExp): Promise<void> {
  await eventually(
    () => Promise.resolve(serial.text),
    (text) => pattern.test(text),
  );
}

/** The name of the screen behind a URL. */
export async function screenAt(url: string, ca?: string): Promise<string> {
  const screen = await openConsole(url, ca);
  const { width, height, name } = await greetScreen(screen);
  if (width * height === 0) throw new Error('the screen has no size');
  screen.stream.destroy();
  return name;
}

/** Log, screen and serial port of a simulated server, by the URLs that the stock client is told. */
export async function expectConsoles(cloud: Cloud, server: string): Promise<void> {
  expect(await cloud.does(['console', 'log', 'show', server])).not.toBe('');
  expect(await screenAt(await consoleUrl(cloud, 'novnc', server))).toMatch(/^instance-/);
  const serial = await openConsole(await consoleUrl(cloud, 'serial', server));
  const prompt = `${server} login:`;
  expect((await serial.take(prompt.length + 2)).toString()).toContain(prompt);
  serial.stream.destroy();
}
