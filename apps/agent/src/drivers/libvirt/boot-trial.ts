import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BOOT_STAGES, bootSector, DEBUG_EXIT_PORT, DEBUG_EXIT_STATUS } from './boot-sector';

export type Accelerator = 'kvm' | 'tcg';

/** Whether a guest booted, and the evidence for the operator. */
export interface Trial {
  readonly boots: boolean;
  readonly seen: string;
}

export interface TrialOptions {
  readonly emulator: string;
  readonly limitMs: number;
}

interface Ended {
  readonly serial: string;
  /** Null when a signal ended it. */
  readonly status: number | null;
  /** The last line of QEMU's error stream. */
  readonly complaint: string;
  /** Why it was ended from outside, if it was. */
  readonly cut: 'limit' | 'kvm-error' | 'seen' | null;
}

/** QEMU prints this and stops the guest for ever, so waiting longer is pointless. */
const KVM_GAVE_UP = 'KVM internal error';
/** The first line of every Linux kernel. */
const KERNEL_SPEAKS = 'Linux version';

/** Boots `bootSector` and watches how far it comes. */
export async function tryBootSector(accelerator: Accelerator, options: TrialOptions): Promise<Trial> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-probe-'));
  try {
    const image = join(directory, 'sector.img');
    await writeFile(image, bootSector());
    const ended = await runGuest(accelerator, options, [
      ...['-m', '32', '-drive', `file=${image},format=raw,if=ide`],
      ...['-device', `isa-debug-exit,iobase=0x${DEBUG_EXIT_PORT.toString(16)}`],
    ]);
    const boots = ended.serial === BOOT_STAGES && ended.status === DEBUG_EXIT_STATUS;
    const reached = `${String(ended.serial.length)} of ${String(BOOT_STAGES.length)} stages of the boot sector`;
    return { boots, seen: boots ? 'the boot sector ran' : `${reached}${because(ended)}` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Boots a real kernel until it writes its first line to the serial port. */
export async function tryKernel(accelerator: Accelerator, kernel: string, options: TrialOptions): Promise<Trial> {
  const args = ['-m', '256', '-kernel', kernel, '-append', 'console=ttyS0 earlyprintk=ttyS0 panic=-1'];
  const ended = await runGuest(accelerator, options, args, KERNEL_SPEAKS);
  const boots = ended.cut === 'seen';
  return { boots, seen: boots ? `${kernel} started` : `${kernel} did not start${because(ended)}` };
}

function because({ cut, status, complaint }: Ended): string {
  if (cut === 'kvm-error') return ', then KVM reported an internal error';
  if (cut === 'limit') return ', then nothing until the limit';
  return `, then QEMU ended (${status === null ? 'aborted' : `status ${String(status)}`}: ${complaint})`;
}

/** With KVM the guest gets the host's own CPU, as its domains do (domain-xml.ts): the trial tests just that. */
function runGuest(
  accelerator: Accelerator,
  { emulator, limitMs }: TrialOptions,
  guestArgs: readonly string[],
  until?: string,
): Promise<Ended> {
  const qemu = spawn(
    emulator,
    [
      ...['-accel', accelerator, ...(accelerator === 'kvm' ? ['-cpu', 'host'] : [])],
      ...['-machine', 'pc', '-no-user-config', '-nodefaults', '-display', 'none', '-monitor', 'none'],
      ...['-no-reboot', '-serial', 'stdio', ...guestArgs],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: '/usr/bin:/bin' } },
  );
  return watch(qemu, limitMs, until);
}

function watch(qemu: ChildProcess, limitMs: number, until: string | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let serial = '';
    let errors = '';
    let cut: Ended['cut'] = null;
    const end = (why: Ended['cut']): void => {
      cut ??= why;
      qemu.kill('SIGKILL');
    };
    const timer = setTimeout(() => {
      end('limit');
    }, limitMs);
    qemu.stdout?.setEncoding('latin1').on('data', (text: string) => {
      serial += text;
      if (until !== undefined && serial.includes(until)) end('seen');
    });
    qemu.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      if (errors.includes(KVM_GAVE_UP)) end('kvm-error');
    });
    qemu.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    qemu.once('close', (status) => {
      clearTimeout(timer);
      resolve({ serial, status, cut, complaint: errors.trim().split('\n').at(-1) ?? '' });
    });
  });
}
