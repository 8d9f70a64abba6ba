import { type Context, later } from '@cairn/domain';

/** How long to remember command ids, by the stream's own time: nobody retries a command for longer. */
const REMEMBER_MS = 3_600_000;
const LOOK_EVERY = 64;

/** Notes in place that a command was carried out. The map keeps the order of insertion: the oldest stand first. */
export function remember(recent: Map<string, string>, { commandId, at }: Context): void {
  if (commandId === '') return;
  recent.set(commandId, at);
  if (recent.size % LOOK_EVERY !== 0) return;
  const since = later(at, -REMEMBER_MS);
  for (const [id, when] of recent) {
    if (when >= since) return;
    recent.delete(id);
  }
}
