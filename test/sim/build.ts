import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Before the simulation's tests: their worlds run in processes of their own, from the built code. */
export default function build(): void {
  execFileSync(join(__dirname, '../../infra/setup/node.sh'), ['build'], { stdio: 'inherit' });
}
