import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('the shell scripts', () => {
  it('pipe into nothing that ends before its input: under pipefail its writer counts as failed', () => {
    const scripts = execFileSync('git', ['ls-files', '*.sh', 'cairn', '.ci/run'], { cwd: ROOT, encoding: 'utf8' });
    const early = scripts
      .trim()
      .split('\n')
      .filter((file) => /\| *grep -[a-zA-Z]*q/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(early).toEqual([]);
  });

  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'cairn-shell-'));
    for (const folder of ['log', 'run']) mkdirSync(join(state, folder));
  });
  afterEach(() => {
    rmSync(state, { recursive: true });
  });

  /** Runs the commands after these files of `infra/cloud`, for a cloud in the folder of the test. */
  const inCloud = (files: readonly string[], commands: string, settings: NodeJS.ProcessEnv = {}) => {
    const sources = ['common', ...files].map((file) => `. "${ROOT}/infra/cloud/${file}.sh"`);
    const env = { ...process.env, ...settings, CAIRN_STATE: state };
    return spawnSync('bash', ['-c', ['set -euo pipefail', ...sources, commands].join('\n')], { env, encoding: 'utf8' });
  };

  describe('a process that was ready', () => {
    const wasReady = (said: string): boolean => {
      writeFileSync(join(state, 'log/redis.log'), said);
      return inCloud([], 'was_ready redis 0').status === 0;
    };
    const ready = 'Ready to accept connections tcp\n';

    it.each([
      [true, 'however much it has said since', ready + 'x\n'.repeat(500_000)],
      [true, 'however much it had said before', 'x\n'.repeat(500_000) + ready],
      [false, 'unless it never was', 'x\n'.repeat(500_000)],
    ])('is known to have been: %s, %s', (expected, _why, said) => {
      expect(wasReady(said)).toBe(expected);
    });
  });

  const script = (name: string, ...args: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync('bash', [join(ROOT, `infra/cloud/${name}.sh`), ...args], {
      env: { ...process.env, CAIRN_STATE: state },
      encoding: 'utf8',
    });

  it('show of a host that has joined a cloud its agent alone, and whether that runs', () => {
    mkdirSync(join(state, 'host'));
    writeFileSync(join(state, 'host/agent.json'), '{}');
    writeFileSync(join(state, 'mode'), 'simulated\n');
    const shown = (): readonly unknown[] => {
      const { status, stdout } = script('status');
      return [status, stdout.split('\n').map((line) => line.slice(0, 17))];
    };
    expect(shown()).toEqual([3, ['agent        is d', '']]);
    // as the agent, this very process
    const stat = readFileSync('/proc/self/stat', 'utf8');
    for (const name of ['agent', 'agent.supervisor']) {
      writeFileSync(join(state, `run/${name}.pid`), String(process.pid));
      writeFileSync(join(state, `run/${name}.started`), stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '');
    }
    expect(shown()).toEqual([0, ['agent        runs', '']]);
  });

  it('refuse hosts of another kind than those of the first `up`, before anything is made', () => {
    writeFileSync(join(state, 'mode'), 'machines\n');
    const kept = readdirSync(state);
    const ran = script('up', '--simulated', '2');
    expect([ran.status, ran.stderr]).toEqual([
      1,
      expect.stringContaining('has machines hosts; use another CAIRN_STATE'),
    ]);
    expect(readdirSync(state)).toEqual(kept);
  });

  it('take back each setting that a failed `up` has chosen', () => {
    const kept = readdirSync(state);
    const settings = {
      CAIRN_PUBLIC_IDENTITY: 'https://a.example',
      CAIRN_PUBLIC_CONSOLE: 'https://b.example',
      CAIRN_LOCKOUT_DURATION: '60',
    };
    const ran = inCloud(['public', 'settings'], 'begin_choice; choose_public; false', settings);
    expect([ran.status, ran.stderr, readdirSync(state)]).toEqual([1, '', kept]);
  });

  describe("an operator's own settings", () => {
    const written = (process: 'controller' | 'agent', own: object): unknown => {
      const file = join(state, 'own.json');
      writeFileSync(file, JSON.stringify({ [process]: own }));
      const write = `put "$state/hosts" echo 'an-id a-name'
        choose_policy_file; choose_settings_file; choose_public; choose_image_quota
        ${process === 'agent' ? 'agent_settings simulated' : 'controller_config'}`;
      const ran = inCloud(['log-access', 'config', 'public', 'postgres'], write, { CAIRN_SETTINGS_FILE: file });
      return JSON.parse(ran.stdout);
    };

    it('change the fields that they name, however deep these are, and no field beside them', () => {
      const network = { dns: ['192.0.2.53'] };
      expect(written('controller', { cloud: { network }, ports: { console: 6_081 } })).toMatchObject({
        cloud: { network: { ...network, cidr: '10.0.0.0/24' }, hosts: [{ hostId: 'an-id', name: 'a-name' }] },
        ports: { identity: 5_000, console: 6_081 },
      });
      expect(written('agent', { syncPowerStateSeconds: 300, simulated: { vcpus: 4 } })).toMatchObject({
        syncPowerStateSeconds: 300,
        simulated: { vcpus: 4, latencyFactor: 1 },
        hosts: [{ hostId: 'an-id' }],
      });
    });
  });
});
