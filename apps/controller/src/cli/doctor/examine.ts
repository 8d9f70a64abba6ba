import type { NetworkFinding, NetworkReport } from '@cairn/host-protocol';

import type { LoggedHost } from './log-of-networks';

/** A line for people: what it is about, and what is so. */
export interface Line {
  readonly mark: 'ok' | 'WRONG' | 'mended' | 'advice';
  readonly topic: string;
  readonly says: string;
}

export interface ExaminedHost {
  readonly name: string;
  readonly lines: readonly Line[];
}

type HostReport = NetworkReport['hosts'][number];

const MARKS = { right: 'ok', wrong: 'WRONG', advice: 'advice' } as const;
const keyOf = ({ topic, name }: NetworkFinding): string => `${topic} ${name}`;

const lineOf = ({ verdict, topic, says }: NetworkFinding): Line => ({ mark: MARKS[verdict], topic, says });

/**
 * What is to be told of a host.
 * @param before what its agent found, before it mended that; the same as `after` if it did not
 * @param logged what the log says of it; undefined where no log can be asked
 * @param server the one that alone is of interest
 */
export function examined(
  before: HostReport,
  after: HostReport,
  logged: LoggedHost | undefined,
  server?: string,
): ExaminedHost {
  const networks = new Set(
    after.findings.flatMap(({ instanceId, networkId }) =>
      instanceId === server && networkId !== undefined ? [networkId] : [],
    ),
  );
  const concerns = ({ instanceId, networkId }: NetworkFinding): boolean => {
    if (server === undefined || instanceId === server) return true;
    return instanceId === undefined && (networkId === undefined || networks.has(networkId));
  };
  const wrong = new Set(after.findings.filter(({ verdict }) => verdict === 'wrong').map(keyOf));
  const mended = before.findings.filter((one) => one.verdict === 'wrong' && !wrong.has(keyOf(one)));
  return {
    name: after.name,
    lines: [
      ...mended.filter(concerns).map(({ topic, says }): Line => ({ mark: 'mended', topic, says })),
      ...after.findings.filter(concerns).map(lineOf),
      ...(logged === undefined ? [] : compared(after.findings, logged, server)),
    ],
  };
}

/** How what the host has differs from what the log says that it has. */
function compared(findings: readonly NetworkFinding[], logged: LoggedHost, server?: string): readonly Line[] {
  const matters = ({ instanceId = '' }: { readonly instanceId?: string }): boolean =>
    !logged.moving.has(instanceId) && (server === undefined || instanceId === server);
  const ports = logged.ports.filter(matters);
  const there = findings.filter(({ topic, address }) => topic === 'port' && address !== undefined).filter(matters);
  const carried = findings.filter(({ topic }) => topic === 'floating-ip').filter(matters);
  const floating = logged.floating.filter(matters);
  const has = (port: { readonly instanceId: string; readonly address: string }): boolean =>
    there.some(({ instanceId, address }) => instanceId === port.instanceId && address === port.address);
  const lines = [
    ...ports
      .filter((port) => !has(port))
      .map(
        ({ server: name, address }) =>
          `The log says that ${name} has ${address} on this host, whose agent knows no such port: reboot the server hard.`,
      ),
    ...there
      .filter((one) => !ports.some((port) => port.instanceId === one.instanceId && port.address === one.address))
      .map(
        ({ instanceId = '', address = '' }) =>
          `This host has a port with ${address} for ${instanceId}, which the log does not place here.`,
      ),
    ...floating
      .filter(({ address }) => !carried.some(({ name }) => name === address))
      .map(({ address }) => `The log says that this host answers for ${address}, which its agent does not know.`),
    ...carried
      .filter(({ name }) => !floating.some(({ address }) => name === address))
      .map(({ name }) => `This host answers for ${name}, which the log does not lead here.`),
  ];
  if (lines.length > 0) return lines.map((says) => ({ mark: 'WRONG', topic: 'log', says }));
  const says = `The log and this host agree: ${String(ports.length)} port(s), ${String(floating.length)} floating IP(s).`;
  return [{ mark: 'ok', topic: 'log', says }];
}

/** As aligned text: what is wrong first. */
export function rendered({ name, lines }: ExaminedHost): string {
  const order = ['WRONG', 'mended', 'advice', 'ok'];
  const sorted = [...lines].sort((one, other) => order.indexOf(one.mark) - order.indexOf(other.mark));
  return [
    `host ${name}`,
    ...sorted.map(({ mark, topic, says }) => `  ${mark.padEnd(6)}  ${topic.padEnd(11)}  ${says}`),
  ].join('\n');
}
