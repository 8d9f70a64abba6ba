import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { DEFAULT_LIMITS, parseCidr } from '@cairn/domain';
import { isFreeBridgeName } from '@cairn/host-protocol';
import { serverOf } from '@cairn/projections';
import { ConfigError, ConfigReader } from './config-reader';

export interface NetworkConfig {
  readonly label: string;
  readonly cidr: string;
  readonly bridge: string;
  /** Null: the first address of the network. */
  readonly gateway: string | null;
  readonly dns: readonly string[];
  readonly domain: string;
  readonly mtu: number;
}

export interface HostConfig {
  readonly hostId: string;
  readonly name: string;
  readonly availabilityZone: string;
}

export interface Ports {
  readonly identity: number;
  readonly compute: number;
  readonly image: number;
  /** Guests' metadata and the hosts' API. */
  readonly metadata: number;
}

/** URLs without a slash at their ends, each with its scheme and perhaps a path. */
export interface PublicEndpoints {
  readonly identity: string | null;
  readonly compute: string | null;
  readonly image: string | null;
}

/** Everything that an operator may choose for one controller process. Secrets are named by the file that holds them. */
export interface ControllerConfig {
  readonly stateDir: string;
  readonly bindHost: string;
  /** Where a proxy serves each API; null: no proxy, or one that says so by the headers which it forwards. */
  readonly publicEndpoints: PublicEndpoints;
  /** Addresses and networks of proxies whose `Forwarded` or `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Host name or address in the URLs that clients are told; null: the one by which the client reached us. */
  readonly publicHost: string | null;
  readonly ports: Ports;
  /** `esdb://…` */
  readonly eventStoreUrl: string;
  /** `redis://…`, without a password. */
  readonly redisUrl: string;
  readonly redisPasswordFile: string | null;
  /** Null: all agents are on this machine, and nothing listens for others. Otherwise store and Redis have TLS and users. */
  readonly remote: RemoteConfig | null;
  /** `postgresql://…` of the read models, without a password; null: SQLite in the state folder. */
  readonly databaseUrl: string | null;
  readonly databasePasswordFile: string | null;
  /** A file in OpenStack's policy language, JSON or YAML, over the built-in rules; read again when it changes. */
  readonly policyFile: string | null;
  readonly tokenTtlSeconds: number;
  /** Of the data of one image. */
  readonly imageMaxBytes: number;
  /** Of the data of a project's images together, where nothing else is set for the project; -1: no limit. */
  readonly imageQuotaMib: number;
  /** Files with the first passwords of these users, read at start while the users do not exist. */
  readonly passwordFiles: { readonly admin: string; readonly demo: string };
  readonly cloud: {
    readonly region: string;
    readonly network: NetworkConfig;
    readonly hosts: readonly HostConfig[];
  };
}

/** Ports on an address that agents of other machines reach, all of them TLS with certificates of the cloud's authority. */
export interface RemoteConfig {
  readonly address: string;
  /** The hosts' API. */
  readonly port: number;
  /** Folder of the authority and of the server's certificate (`remote-hosts/authority.ts`). */
  readonly pki: string;
  /** What enrolled agents are told. */
  readonly eventStoreUrl: string;
  readonly redisUrl: string;
  /** The password of the store's user `admin`. */
  readonly eventStorePasswordFile: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HOST_NAME = /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/;

const isCidr = (text: string): boolean => {
  const cidr = parseCidr(text);
  return cidr !== undefined && cidr.prefix <= 29;
};
const isHost = (text: string): boolean => isIP(text) !== 0 || HOST_NAME.test(text);
const urlOf =
  (...protocols: readonly string[]) =>
  (text: string): boolean =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol);

function readPorts(ports: ConfigReader): Ports {
  const read = {
    identity: ports.integer('identity', 5000, 0, 65_535),
    compute: ports.integer('compute', 8774, 0, 65_535),
    image: ports.integer('image', 9292, 0, 65_535),
    metadata: ports.integer('metadata', 8775, 0, 65_535),
  };
  ports.end();
  return read;
}

/** `https://cloud.example.org/compute`: what a client can be sent to. */
function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && !text.endsWith('/') && search + hash + username + password === '';
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

function readPublicEndpoints(section: ConfigReader): PublicEndpoints {
  const endpoint = (key: string): string | null =>
    section.optionalText(key, isEndpoint, 'must be a http:// or https:// URL without a slash at its end');
  const read = { identity: endpoint('identity'), compute: endpoint('compute'), image: endpoint('image') };
  section.end();
  return read;
}

function readNetwork(network: ConfigReader): NetworkConfig {
  const read = {
    label: network.text('label', 'private'),
    cidr: network.text('cidr', '10.0.0.0/24', isCidr, 'must be an IPv4 network of at least /29, like 10.0.0.0/24'),
    bridge: network.text('bridge', 'br100', isFreeBridgeName, 'must be a name for a new bridge on every host'),
    gateway: network.optionalText('gateway', (t) => isIP(t) === 4, 'must be an IPv4 address'),
    dns: network.list('dns').map((entry) => entry.text('', undefined, (t) => isIP(t) === 4, 'must be an IPv4 address')),
    domain: network.text('domain', 'novalocal', (t) => HOST_NAME.test(t), 'must be a domain name'),
    mtu: network.integer('mtu', 1500, 576, 65_535),
  };
  network.end();
  return read;
}

function readRemote(root: ConfigReader): RemoteConfig | null {
  if (!root.has('remote')) return null;
  const remote = root.section('remote');
  const file = (key: string): string => remote.text(key, undefined, isAbsolute, 'must be an absolute path');
  const url = (key: string, ...protocols: readonly string[]): string =>
    remote.text(key, undefined, urlOf(...protocols), `must be a ${protocols.join('// or ')}// URL`);
  const read: RemoteConfig = {
    address: remote.text('address', undefined, (t) => isIP(t) !== 0, 'must be an IP address'),
    port: remote.integer('port', 8780, 0, 65_535),
    pki: file('pki'),
    eventStoreUrl: url('eventStoreUrl', 'esdb:'),
    redisUrl: url('redisUrl', 'rediss:'),
    eventStorePasswordFile: file('eventStorePasswordFile'),
  };
  remote.end();
  return read;
}

function readHost(host: ConfigReader): HostConfig {
  const read = {
    hostId: host.text('hostId', undefined, (t) => UUID.test(t), 'must be a UUID in lower case'),
    name: host.text('name', undefined, (t) => HOST_NAME.test(t), 'must be a host name'),
    availabilityZone: host.text('availabilityZone', 'nova'),
  };
  host.end();
  return read;
}

function readDatabaseUrl(root: ConfigReader): string | null {
  const url = root.optionalText('databaseUrl', (t) => t !== '', 'must be a postgresql:// URL');
  try {
    if (url !== null) serverOf(url);
    return url;
  } catch (error) {
    const must = 'databasePasswordFile names a file with the password';
    throw new ConfigError(`databaseUrl: ${(error as Error).message} (${must}).`, { cause: error });
  }
}

/**
 * The configuration that a JSON value describes.
 * @throws ConfigError with the key, its value and the expected one. Unknown keys are errors too: a typing error in a
 * name must not silently mean the default.
 */
export function parseConfig(value: unknown): ControllerConfig {
  const root = ConfigReader.of(value);
  const stateDir = root.text('stateDir', undefined, isAbsolute, 'must be an absolute path');
  const passwordFiles = root.section('passwordFiles');
  const cloud = root.section('cloud');
  const config: ControllerConfig = {
    stateDir,
    bindHost: root.text('bindHost', '127.0.0.1', isHost, 'must be an address or a host name'),
    publicHost: root.optionalText('publicHost', isHost, 'must be an address or a host name'),
    publicEndpoints: readPublicEndpoints(root.section('publicEndpoints')),
    trustedProxies: root
      .list('trustedProxies')
      .map((entry) =>
        entry.text('', undefined, isAddressOrNetwork, 'must be an address, or a network like 10.0.0.0/8'),
      ),
    ports: readPorts(root.section('ports')),
    eventStoreUrl: root.text(
      'eventStoreUrl',
      'esdb://127.0.0.1:2113?tls=false',
      urlOf('esdb:', 'esdb+discover:'),
      'must be an esdb:// URL',
    ),
    redisUrl: root.text('redisUrl', 'redis://127.0.0.1:6379', urlOf('redis:', 'rediss:'), 'must be a redis:// URL'),
    redisPasswordFile: root.optionalText('redisPasswordFile', isAbsolute, 'must be an absolute path'),
    remote: readRemote(root),
    databaseUrl: readDatabaseUrl(root),
    databasePasswordFile: root.optionalText('databasePasswordFile', isAbsolute, 'must be an absolute path'),
    policyFile: root.optionalText('policyFile', isAbsolute, 'must be an absolute path'),
    tokenTtlSeconds: root.integer('tokenTtlSeconds', 3600, 60, 86_400),
    imageMaxBytes: root.integer('imageMaxBytes', 20 * 1024 ** 3, 1, Number.MAX_SAFE_INTEGER),
    imageQuotaMib: root.integer('imageQuotaMib', DEFAULT_LIMITS['image_size_total'] ?? -1, -1, 2 ** 32),
    passwordFiles: {
      admin: passwordFiles.text('admin', `${stateDir}/admin.password`, isAbsolute, 'must be an absolute path'),
      demo: passwordFiles.text('demo', `${stateDir}/demo.password`, isAbsolute, 'must be an absolute path'),
    },
    cloud: {
      region: cloud.text('region', 'RegionOne'),
      network: readNetwork(cloud.section('network')),
      hosts: cloud.list('hosts').map(readHost),
    },
  };
  passwordFiles.end();
  cloud.end();
  root.end();
  if (new URL(config.redisUrl).password !== '')
    throw new ConfigError('redisUrl must not hold a password: redisPasswordFile names a file with it.');
  return config;
}

/** Reads and checks a JSON file. @throws ConfigError or the file system's error. */
export function loadConfig(file: string): ControllerConfig {
  const text = readFileSync(file, 'utf8');
  return parseConfig(ConfigReader.json(text, file));
}
