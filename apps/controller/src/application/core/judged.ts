import type { Category, StateOf, StreamOf } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';

/**
 * What is made of a stream's state before a command decides on it. The state that this process knows may lack another
 * controller's last write: only a refusal has the log read again, so that nobody is refused by an old state. An old state
 * that is accepted does no harm, since the command decides once more.
 * @param judge throws to refuse
 */
export async function judged<C extends Category, T>(
  executor: Pick<Executor, 'state' | 'latest'>,
  target: StreamOf<C>,
  judge: (state: StateOf<C>) => T,
): Promise<T> {
  try {
    return judge(await executor.state(target));
  } catch {
    return judge(await executor.latest(target));
  }
}
