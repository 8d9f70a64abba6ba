import { APPEND_TROUBLES } from './log-answers';
import type { Random } from './random';
import type { World } from './world';

/** How many launches are regretted. */
const SHARE = 0.25;
const MOST_LOOKS = 200;

/** Tenants who delete a server as soon as a host is chosen for it, while the claim there may be under way. */
export class Regrets {
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly remove: (instanceId: string) => void,
  ) {}

  /** One of these launches may be regretted. */
  of(ids: readonly string[]): void {
    if (this.random.chance(SHARE)) void this.regret(this.random.pick(ids));
  }

  private async regret(id: string): Promise<void> {
    const { world, random } = this;
    const { auditor, time, controllers, logServer } = world;
    const isLate = controllers.length > 1 && random.chance(0.7);
    if (isLate) logServer.troubleAppends(random.pick(APPEND_TROUBLES), 'host.capacity-claimed', random.int(1, 3));
    const isChosen = (): boolean =>
      auditor.all('instance').some(([other, { placement }]) => other === id && placement?.target !== undefined);
    for (let looks = 0; looks < MOST_LOOKS && !isChosen(); looks += 1) await time.sleep(random.int(1, 50));
    if (!isChosen() || world.isCalm) return;
    // it knows only what the log says by then, and gives back what the other one is still about to claim
    if (isLate) random.pick(controllers).front?.process.kill('it restarts');
    this.remove(id);
  }
}
