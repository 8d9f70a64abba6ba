import { runCommand } from '../host-command';
import type { Why } from '../linux-network/drops';
import { drops, listingOf } from '../linux-network/listed-rules';

/** How many packets the rules of these tables have dropped for that. */
export async function droppedFor(why: Why, table: string): Promise<number> {
  const found = drops(listingOf(await runCommand('nft', ['-j', 'list', 'ruleset'])), table);
  return found.filter((drop) => drop.why === why).reduce((sum, { packets }) => sum + packets, 0);
}
