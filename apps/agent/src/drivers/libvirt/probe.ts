import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeWhole } from '@cairn/os';

import { JobFailure } from '../../ports/errors';
import { machineBootId } from '../machine-boot';

import { type Accelerator, type Trial, tryBootSector, tryKernel } from './boot-trial';

/** The method that boots a guest on this machine (KVM or emulation), and the evidence of the trial. */
export interface ProbeResult {
  readonly virtType: Accelerator;
  readonly seen: Readonly<Partial<Record<Accelerator, string>>>;
}

export interface ProbeOptions {
  readonly emulator: string;
  /** Directory that keeps the answer, `virt-probe.json`, until the machine boots again. */
  readonly stateDir: string;
  /** How long each guest may take. */
  readonly limitMs: number;
  /** Kernels to try with KVM after the boot sector; the first that can be read is used. Default: the host's own. */
  readonly kernels?: readonly string[];
  readonly kvmDevice?: string;
}

/** The answer is good for one boot of the machine, and while /dev/kvm does not come or go. */
interface Circumstances {
  readonly bootId: string;
  readonly kvmDevice: boolean;
}

/**
 * Chooses KVM or TCG by booting guests with them: a /dev/kvm that can be opened may still not run any.
 * @throws JobFailure when neither boots a guest.
 */
export async function probeVirtType(options: ProbeOptions): Promise<ProbeResult> {
  const circumstances: Circumstances = {
    bootId: await machineBootId(),
    kvmDevice: await canUse(options.kvmDevice ?? '/dev/kvm', constants.R_OK | constants.W_OK),
  };
  const known = await remembered(options.stateDir, circumstances);
  if (known !== null) return known;
  const result = await tried(options, circumstances.kvmDevice);
  await remember(options.stateDir, circumstances, result);
  return result;
}

async function tried(options: ProbeOptions, kvmDevice: boolean): Promise<ProbeResult> {
  const kvm: Trial = kvmDevice ? await tryKvm(options) : { boots: false, seen: 'no /dev/kvm' };
  if (kvm.boots) return { virtType: 'kvm', seen: { kvm: kvm.seen } };
  const tcg = await tryBootSector('tcg', options);
  const seen = { kvm: kvm.seen, tcg: tcg.seen };
  if (tcg.boots) return { virtType: 'tcg', seen };
  const why = `No accelerator boots a guest on this host (kvm: ${seen.kvm}; tcg: ${seen.tcg})`;
  throw new JobFailure('hypervisor.failed', why, false);
}

/** The boot sector refutes quickly; a real kernel, where the host has one, is the better proof. */
async function tryKvm(options: ProbeOptions): Promise<Trial> {
  const sector = await tryBootSector('kvm', options);
  if (!sector.boots) return sector;
  for (const kernel of options.kernels ?? (await kernelsOfHost())) {
    if (await canUse(kernel, constants.R_OK)) return tryKernel('kvm', kernel, options);
  }
  return { boots: true, seen: `${sector.seen}; no kernel at hand to try as well` };
}

async function kernelsOfHost(): Promise<readonly string[]> {
  try {
    const names = (await readdir('/boot')).filter((name) => name.startsWith('vmlinuz-'));
    return names
      .sort()
      .reverse()
      .map((name) => join('/boot', name));
  } catch {
    return []; // a container has no /boot, which is an answer, not a failure
  }
}

async function canUse(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

const fileIn = (stateDir: string): string => join(stateDir, 'virt-probe.json');

async function remembered(stateDir: string, now: Circumstances): Promise<ProbeResult | null> {
  let kept: Partial<Circumstances & ProbeResult>;
  try {
    kept = JSON.parse(await readFile(fileIn(stateDir), 'utf8')) as typeof kept;
  } catch {
    return null; // never probed, or not readable: probing again costs seconds
  }
  if (kept.bootId !== now.bootId || kept.kvmDevice !== now.kvmDevice || kept.virtType === undefined) return null;
  return { virtType: kept.virtType, seen: kept.seen ?? {} };
}

async function remember(stateDir: string, now: Circumstances, result: ProbeResult): Promise<void> {
  await mkdir(stateDir, { recursive: true });
  await writeWhole(fileIn(stateDir), `${JSON.stringify({ ...now, ...result }, null, 2)}\n`, 0o644);
}
