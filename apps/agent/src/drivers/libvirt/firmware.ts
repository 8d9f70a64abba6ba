import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Hardware } from '@cairn/domain';
import { z } from 'zod';

/** A UEFI firmware that QEMU has on this host. */
export interface Firmware {
  readonly executable: string;
  /** What a guest's variables are at first. */
  readonly variables: string;
  readonly secureBoot: boolean;
  /** Needs the system management mode of the processor. */
  readonly smm: boolean;
  /** Globs of QEMU's canonical names of machines. */
  readonly machines: readonly string[];
}

/** QEMU's interop `firmware.json`, as far as it matters here. */
const descriptor = z.object({
  'interface-types': z.array(z.string()),
  mapping: z.object({
    device: z.literal('flash'),
    executable: z.object({ filename: z.string() }),
    'nvram-template': z.object({ filename: z.string() }),
  }),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});

/** Where packages put descriptions of firmware, and where an administrator replaces one by another file of its name. */
const DIRECTORIES = ['/usr/share/qemu/firmware', '/etc/qemu/firmware'];

/** The UEFI firmware for x86 that is installed, in the order in which it is to be preferred. */
export async function firmwareHere(directories: readonly string[] = DIRECTORIES): Promise<readonly Firmware[]> {
  const files = new Map<string, string>();
  for (const directory of directories)
    for (const name of await readdir(directory).catch(() => []))
      if (name.endsWith('.json')) files.set(name, join(directory, name));
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const texts = await Promise.all(sorted.map(([, path]) => readFile(path, 'utf8')));
  return texts.flatMap((text) => firmwareOf(text) ?? []);
}

function firmwareOf(text: string): Firmware | undefined {
  const { data } = descriptor.safeParse(orUndefined(text));
  const machines = data?.targets.filter(({ architecture }) => architecture === 'x86_64') ?? [];
  if (data === undefined || machines.length === 0 || !data['interface-types'].includes('uefi')) return undefined;
  return {
    executable: data.mapping.executable.filename,
    variables: data.mapping['nvram-template'].filename,
    secureBoot: data.features.includes('secure-boot'),
    smm: data.features.includes('requires-smm'),
    machines: machines.flatMap((target) => target.machines),
  };
}

/** An empty file replaces a description by none. */
function orUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The firmware for a machine; undefined where this host has none that would do. */
export function firmwareFor(
  all: readonly Firmware[],
  { machineType = 'pc', firmware }: Hardware,
): Firmware | undefined {
  const family = machineType.includes('q35') ? 'pc-q35-' : 'pc-i440fx-';
  const fitting = all.filter(({ machines }) => machines.some((glob) => glob.startsWith(family)));
  const plain = fitting.find(({ secureBoot }) => !secureBoot);
  const secured = fitting.find(({ secureBoot }) => secureBoot);
  if (firmware?.secureBoot === 'required') return secured;
  return firmware?.secureBoot === 'optional' ? (secured ?? plain) : plain;
}
