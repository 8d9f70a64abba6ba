import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Cloud } from '../e2e/cloud';
import { CONFIGURATIONS } from './configurations';

/** Debian's Tempest. The machine's `python3` may be another one, which lacks it. */
const LIBRARIES = '/usr/lib/python3/dist-packages';
export const PYTHON = '/usr/bin/python3';

/** A guest of it has an agent, which passwords are given to. */
async function newImage(cloud: Cloud, name: string): Promise<string> {
  const file = cloud.file(`${name}.raw`, Buffer.alloc(1024 * 1024));
  const properties = ['--property', 'hw_qemu_guest_agent=yes'];
  const given = ['--public', '--disk-format', 'raw', ...properties, '--file', file];
  const image = await cloud.openstack(['image', 'create', ...given, name]);
  return String(image['id']);
}

/** The pool of floating IPs: the one that is asked where nobody names one. */
const POOL = 'nova';

async function makePool(cloud: Cloud): Promise<void> {
  const { status, stderr } = await cloud.cairnNova(['floating-ip-bulk-create', '203.0.113.0/24', '--pool', POOL]);
  if (status !== 0) throw new Error(stderr);
}

/** The newest microversion that the cloud offers. */
async function newestMicroversion(cloud: Cloud): Promise<string> {
  const answer = await fetch(`${cloud.url('compute')}/v2.1/`);
  const { version } = (await answer.json()) as { version: { version: string } };
  return version.version;
}

/** Makes what Tempest needs in the cloud and a folder with its configurations. Returns the folder. */
export async function configure(cloud: Cloud, hosts: number): Promise<string> {
  const folder = join(cloud.state, 'tempest');
  mkdirSync(join(folder, 'lock'), { recursive: true });
  await makePool(cloud);
  const values: Readonly<Record<string, string>> = {
    FOLDER: folder,
    PASSWORD: cloud.password('admin'),
    IDENTITY: cloud.url('identity'),
    IMAGE: await newImage(cloud, 'tempest-1'),
    IMAGE_ALT: await newImage(cloud, 'tempest-2'),
    // m1.tiny and m1.small
    FLAVOR: '1',
    FLAVOR_ALT: '2',
    HOSTS: String(hosts),
    POOL,
    MICROVERSION: await newestMicroversion(cloud),
  };
  const template = readFileSync(join(__dirname, 'tempest.conf'), 'utf8');
  for (const [file, own] of Object.entries(CONFIGURATIONS)) {
    const all: Readonly<Record<string, string>> = { ...values, ...own };
    const config = template.replace(/@([A-Z_0-9]+)@/g, (word, name: string) => all[name] ?? word);
    writeFileSync(join(folder, file), config, { mode: 0o600 });
  }
  // A class's tests stay together: they share what the class made.
  const runner = { test_path: `${LIBRARIES}/tempest/test_discover`, top_dir: LIBRARIES, group_regex: '([^\\.]*\\.)*' };
  const lines = Object.entries(runner).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.stestr.conf'), `[DEFAULT]\n${lines.join('')}`);
  return folder;
}
