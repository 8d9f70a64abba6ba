import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Whose code a frame is: a package, a folder of ours, or the engine. */
function ownerOf({ callFrame: { url, functionName } }: Node): string {
  const ours = /\/(?:dist\/)?((?:apps|libs)\/[^/]+\/src(?:\/[^/]+(?=\/))?)/.exec(url);
  if (ours !== null) return ours[1] ?? '';
  const foreign = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (foreign !== null) return foreign[1] ?? '';
  if (url.startsWith('node:internal/modules')) return 'loading of modules';
  return url.startsWith('node:') ? 'node' : `engine ${functionName}`;
}

/** Share of a process's busy time by owner, the largest first. */
function shares(profile: Profile): readonly (readonly [string, number])[] {
  const owners = new Map(profile.nodes.map((node) => [node.id, ownerOf(node)]));
  const times = new Map<string, number>();
  let busy = 0;
  profile.samples.forEach((sample, i) => {
    const owner = owners.get(sample) ?? '';
    if (owner === 'engine (idle)') return;
    const time = profile.timeDeltas[i] ?? 0;
    busy += time;
    times.set(owner, (times.get(owner) ?? 0) + time);
  });
  return [...times].sort(([, a], [, b]) => b - a).map(([owner, time]) => [owner, (100 * time) / busy]);
}

/** What the profiles of a folder say limits each process: one line per process. */
export function whatLimits(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cpuprofile'))
    .map((file) => {
      const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
      const app = profile.nodes.map(({ callFrame }) => /\/dist\/apps\/([^/]+)\/src\/main/.exec(callFrame.url)?.[1]);
      const top = shares(profile).slice(0, 12);
      return `${app.find((name) => name !== undefined) ?? file}: ${top.map(([owner, share]) => `${owner} ${share.toFixed(0)} %`).join(', ')}`;
    });
}
