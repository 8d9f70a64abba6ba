import { own } from '@cairn/domain';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { METADATA_PROXY_PORT } from './ports/host-network.port';
import { messageOf } from './unknown-error';

/** A host that this process runs. */
export interface HostConfig {
  readonly hostId: string;
  readonly name: string;
  /** File with the host's bearer token for the controller. */
  readonly tokenFile: string;
  /** Address under which other hosts reach this one. */
  readonly hostIp: string;
}

/** The agent's configuration file, checked, with paths made absolute (relative ones are next to the file). */
export interface AgentConfig {
  readonly stateDir: string;
  readonly hosts: readonly HostConfig[];
  readonly controllerUrl: string;
  readonly redisUrl: string;
  readonly redisPasswordFile: string | null;
  /** Null: Redis' default user. */
  readonly redisUser: string | null;
  readonly eventStoreUrl: string;
  /** Null: a store without users, on this machine. */
  readonly eventStoreLogin: { readonly user: string; readonly passwordFile: string } | null;
  /** PEM files of the cloud's authority and of this host; null: everything is on this machine and in clear. */
  readonly tls: TlsConfig | null;
  readonly driver: 'libvirt' | 'simulated';
  /** Size of each simulated host; libvirt hosts are measured. */
  readonly simulated: SimulatedConfig;
  readonly imageCacheLimitGb: number;
  /** Port of the metadata proxy on each network's gateway address. */
  readonly metadataPort: number;
}

export interface TlsConfig {
  /** The only authority that controller, store and queue are believed by. */
  readonly authorityFile: string;
  /** What this host shows to the controller; null for an agent on the controller's own machine. */
  readonly own: { readonly certificateFile: string; readonly keyFile: string } | null;
}

export interface SimulatedConfig {
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
  /** Keeps the simulated machines in files of the state folder, so that they survive the process. */
  readonly persist: boolean;
  /** How long things take, relative to the defaults: 0 is at once. */
  readonly latencyFactor: number;
}

/** A wrong configuration; the message names the field. */
export class ConfigError extends Error {}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads fields of one JSON object and names the field in every complaint. */
class Fields {
  private readonly known = new Set<string>();

  constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    private readonly where: string,
  ) {}

  static of(value: unknown, where: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ConfigError(`${where}: not an object`);
    return new Fields(value as Record<string, unknown>, where === '' ? '' : `${where}.`);
  }

  raw(name: string): unknown {
    this.known.add(name);
    return own(this.value, name);
  }

  text(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'string' && value !== '') return value;
    return this.refuse(name, value === undefined ? 'is missing' : 'must be a text that is not empty');
  }

  matching(name: string, pattern: RegExp, what: string): string {
    const value = this.text(name);
    return pattern.test(value) ? value : this.refuse(name, `must be ${what}`);
  }

  number(
    name: string,
    fallback: number,
    { least, whole }: { readonly least: number; readonly whole: boolean },
  ): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'number' && value >= least && Number.isFinite(value) && (!whole || Number.isInteger(value))) {
      return value;
    }
    return this.refuse(name, `must be a ${whole ? 'whole ' : ''}number of at least ${String(least)}`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    return typeof value === 'boolean' ? value : this.refuse(name, 'must be true or false');
  }

  url(name: string, fallback: string, protocols: readonly string[]): string {
    const value = this.text(name, fallback);
    const wanted = `must be a URL of ${protocols.join(' or ')}`;
    if (!URL.canParse(value)) return this.refuse(name, wanted);
    const { protocol } = new URL(value);
    return protocols.includes(protocol) ? value.replace(/\/+$/, '') : this.refuse(name, wanted);
  }

  refuse(name: string, why: string): never {
    throw new ConfigError(`${this.where}${name} ${why}`);
  }

  /** Call last: a field that nobody asked for is a typing error that would otherwise pass in silence. */
  noOthers(): void {
    const other = Object.keys(this.value).find((name) => !this.known.has(name));
    if (other !== undefined) this.refuse(other, 'is not a field of this configuration');
  }
}

function hostsOf(fields: Fields, folder: string): readonly HostConfig[] {
  const value = fields.raw('hosts');
  if (!Array.isArray(value) || value.length === 0) return fields.refuse('hosts', 'must be a list of at least one host');
  const hosts = value.map((item: unknown, index) => {
    const host = Fields.of(item, `hosts[${String(index)}]`);
    const parsed: HostConfig = {
      hostId: host.matching('hostId', UUID, 'a UUID in lower case'),
      name: host.matching('name', /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/, 'a host name'),
      tokenFile: resolve(folder, host.text('tokenFile')),
      hostIp: host.text('hostIp', '127.0.0.1'),
    };
    host.noOthers();
    return parsed;
  });
  if (new Set(hosts.map(({ hostId }) => hostId)).size < hosts.length) fields.refuse('hosts', 'name a hostId twice');
  return hosts;
}

function simulatedOf(value: unknown): SimulatedConfig {
  const fields = Fields.of(value ?? {}, 'simulated');
  const simulated: SimulatedConfig = {
    vcpus: fields.number('vcpus', 16, { least: 1, whole: true }),
    ramMb: fields.number('ramMb', 65_536, { least: 1, whole: true }),
    diskGb: fields.number('diskGb', 1_000, { least: 1, whole: true }),
    persist: fields.flag('persist', true),
    latencyFactor: fields.number('latencyFactor', 1, { least: 0, whole: false }),
  };
  fields.noOthers();
  return simulated;
}

function driverOf(fields: Fields): AgentConfig['driver'] {
  const driver = fields.text('driver', 'libvirt');
  return driver === 'libvirt' || driver === 'simulated'
    ? driver
    : fields.refuse('driver', 'must be libvirt or simulated');
}

function loginOf(fields: Fields, folder: string): AgentConfig['eventStoreLogin'] {
  const value = fields.raw('eventStoreLogin') ?? null;
  if (value === null) return null;
  const login = Fields.of(value, 'eventStoreLogin');
  const read = { user: login.text('user'), passwordFile: resolve(folder, login.text('passwordFile')) };
  login.noOthers();
  return read;
}

function tlsOf(fields: Fields, folder: string): TlsConfig | null {
  const value = fields.raw('tls') ?? null;
  if (value === null) return null;
  const tls = Fields.of(value, 'tls');
  const authorityFile = resolve(folder, tls.text('authorityFile'));
  const own =
    (tls.raw('certificateFile') ?? null) === null
      ? null
      : {
          certificateFile: resolve(folder, tls.text('certificateFile')),
          keyFile: resolve(folder, tls.text('keyFile')),
        };
  tls.noOthers();
  return { authorityFile, own };
}

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** Anyone on the path to another machine could read and forge everything without TLS: only an enrolled agent goes there. */
function refuseOpenWays(config: AgentConfig, fields: Fields): void {
  const ways = [
    ['controllerUrl', config.controllerUrl.startsWith('https:')],
    ['redisUrl', config.redisUrl.startsWith('rediss:')],
    ['eventStoreUrl', config.eventStoreLogin !== null && !/[?&]tls=false/i.test(config.eventStoreUrl)],
  ] as const;
  for (const [name, isSecure] of ways) {
    if (LOOPBACK.test(new URL(config[name]).hostname) || (isSecure && config.tls?.own)) continue;
    const how = './cairn host enroll NAME on the controller, ./cairn host join here';
    fields.refuse(name, `is on another machine: this host must be enrolled first (${how})`);
  }
}

/** @param folder what relative paths are relative to. @throws ConfigError */
export function parseConfig(value: unknown, folder: string): AgentConfig {
  const fields = Fields.of(value, '');
  const driver = driverOf(fields);
  const file = (name: string): string | null => {
    return (fields.raw(name) ?? null) === null ? null : resolve(folder, fields.text(name));
  };
  const config: AgentConfig = {
    stateDir: resolve(folder, fields.text('stateDir')),
    hosts: hostsOf(fields, folder),
    controllerUrl: fields.url('controllerUrl', 'http://127.0.0.1:8775', ['http:', 'https:']),
    redisUrl: fields.url('redisUrl', 'redis://127.0.0.1:6379', ['redis:', 'rediss:']),
    redisPasswordFile: file('redisPasswordFile'),
    redisUser: (fields.raw('redisUser') ?? null) === null ? null : fields.text('redisUser'),
    eventStoreUrl: fields.url('eventStoreUrl', 'esdb://127.0.0.1:2113?tls=false', ['esdb:', 'esdb+discover:']),
    eventStoreLogin: loginOf(fields, folder),
    tls: tlsOf(fields, folder),
    driver,
    simulated: simulatedOf(fields.raw('simulated')),
    imageCacheLimitGb: fields.number('imageCacheLimitGb', 50, { least: 0, whole: false }),
    metadataPort: fields.number('metadataPort', METADATA_PROXY_PORT, { least: 1, whole: true }),
  };
  fields.noOthers();
  if (new URL(config.redisUrl).password !== '')
    fields.refuse('redisUrl', 'must not hold a password; name a file with it');
  refuseOpenWays(config, fields);
  if (driver === 'libvirt' && config.hosts.length > 1) fields.refuse('hosts', 'must be one with the libvirt driver');
  if (config.metadataPort > 65_535) fields.refuse('metadataPort', 'must be a port');
  return config;
}

/** @throws ConfigError with the file's name. */
export async function readConfig(file: string): Promise<AgentConfig> {
  try {
    return parseConfig(JSON.parse(await readFile(file, 'utf8')), dirname(resolve(file)));
  } catch (error) {
    throw new ConfigError(`${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** A secret from its file, without the newline that editors put behind it. @throws ConfigError */
export async function readSecret(file: string): Promise<string> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret !== '') return secret;
  } catch (error) {
    throw new ConfigError(`${file} cannot be read`, { cause: error });
  }
  throw new ConfigError(`${file} is empty`);
}
