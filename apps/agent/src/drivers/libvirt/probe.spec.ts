import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { machineBootId } from '../machine-boot';

import { probeVirtType } from './probe';

const kept = (over: Record<string, unknown> = {}): string =>
  JSON.stringify({ kvmDevice: false, virtType: 'tcg', seen: { tcg: 'kept' }, ...over });

describe('the memory of the probe', () => {
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'cairn-probe-spec-'));
  });
  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  const file = (): string => join(stateDir, 'virt-probe.json');
  /** Nothing can boot with an emulator that is not there: an answer comes from memory or not at all. */
  const probe = (): ReturnType<typeof probeVirtType> =>
    probeVirtType({ stateDir, limitMs: 1000, emulator: join(stateDir, 'no-qemu'), kvmDevice: join(stateDir, 'kvm') });

  it('answers for this boot of the machine', async () => {
    await writeFile(file(), kept({ bootId: await machineBootId() }));
    expect(await probe()).toEqual({ virtType: 'tcg', seen: { tcg: 'kept' } });
  });

  it('is not trusted after a restart of the machine, nor when it is damaged', async () => {
    await writeFile(file(), kept({ bootId: 'another' }));
    await expect(probe()).rejects.toThrow(/ENOENT/);
    await writeFile(file(), '{"bootId":');
    await expect(probe()).rejects.toThrow(/ENOENT/);
  });

  it('is not trusted when /dev/kvm has come since', async () => {
    await writeFile(file(), kept({ bootId: await machineBootId() }));
    await writeFile(join(stateDir, 'kvm'), '');
    await chmod(join(stateDir, 'kvm'), 0o600);
    await expect(probe()).rejects.toThrow(/ENOENT/);
  });

  it('keeps no answer that is none', async () => {
    await expect(probe()).rejects.toThrow();
    await expect(readFile(file())).rejects.toThrow(/ENOENT/);
  });
});
