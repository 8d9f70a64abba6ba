import { Random } from '../sim/random';
import type { Asked, Node } from './asked';
import { furnish } from './furnish';
import { Run } from './run';
import { acting, DELETION, reaching } from './states';

/** Of the actions from a state, each ends what the others ask for: of two at once only one can be granted. */
const CONTRADICTORY: Readonly<Record<string, readonly string[]>> = {
  ACTIVE: [
    'pause',
    'suspend',
    'os-stop',
    'reboot',
    'rebuild',
    'resize',
    'rescue',
    'shelve',
    'migrate',
    'createImage',
    'createBackup',
  ],
  SHUTOFF: ['os-start', 'rebuild', 'resize', 'shelve', 'migrate', 'createImage'],
  PAUSED: ['unpause', 'shelve', 'createImage'],
  SUSPENDED: ['resume', 'shelve', 'createImage'],
  RESCUE: ['unrescue'],
  VERIFY_RESIZE: ['confirmResize', 'revertResize'],
};

const VALUES: Readonly<Record<string, Node>> = {
  reboot: { type: 'SOFT' },
  rebuild: { imageRef: { $ref: 'images', whose: 'own', at: 0.999 } },
  resize: { flavorRef: '3' },
  createImage: { name: 'image' },
  createBackup: { name: 'backup', backup_type: 'daily', rotation: 1 },
};

const asking = (action: string): Asked => acting(action, VALUES[action] ?? null);

/** Asks for two contradictory actions at once on one server: one wins, the other gets 409, and the log says which. */
async function clash(run: Run, seed: number): Promise<string | undefined> {
  const random = new Random(`pair ${String(seed)}`);
  const state = random.pick(Object.keys(CONTRADICTORY));
  const actions = CONTRADICTORY[state] ?? [];
  const pair = [random.pick(actions), random.pick(actions)];
  const about = `pair ${String(seed)}, ${pair.join(' and ')} from ${state}`;
  for (const asked of reaching(state)) {
    const fault = await run.perform(asked);
    if (fault !== undefined) return `${about}: ${fault.kind}: ${fault.detail}`;
  }
  const { exchanges, fault } = await run.together(pair.map(asking));
  if (fault !== undefined) return `${about}: ${fault.kind}: ${fault.detail}`;
  const seen = exchanges.map(({ reply: { status }, events }) => ({
    granted: status < 300,
    status,
    told: events.length,
  }));
  const [winner, loser] = [...seen].sort((a, b) => a.status - b.status);
  const isDecided = winner?.granted === true && winner.told > 0 && loser?.status === 409 && loser.told === 0;
  const left = await run.perform(DELETION);
  if (left !== undefined) return `${about}: ${left.kind}: ${left.detail}`;
  return isDecided ? undefined : `${about}: ${JSON.stringify(seen)}`;
}

/** What went wrong with pairs of actions; none when all is well. */
export async function clashes(seeds: readonly number[]): Promise<readonly string[]> {
  const run = await Run.begin({ roomy: true });
  try {
    await furnish(run);
    const wrong: string[] = [];
    for (const seed of seeds) {
      const one = await clash(run, seed);
      if (one !== undefined) wrong.push(one);
    }
    const ending = await run.ending();
    return ending === undefined ? wrong : [...wrong, `${ending.kind}: ${ending.detail}`];
  } finally {
    await run.close();
  }
}
