import type { DomainEvent } from '@cairn/domain';
import { launchOf } from '../../../domain/src/testing/model';
import { rowsAfter, timeline } from '../testing/timeline';
import { ServerTagRow } from './row';

const LAUNCH = launchOf({ tags: ['web', 'constructor'] });
const requested: DomainEvent = { type: 'instance.launch-requested.v1', data: { ...LAUNCH, process: 1 } };
const changed: DomainEvent = {
  type: 'instance.tags-changed.v1',
  data: { tags: ['db', 'web'], added: ['db'], removed: ['constructor'] },
};

async function tags(...events: readonly DomainEvent[]): Promise<string[]> {
  const model = await rowsAfter(timeline(...events.map((event) => [`instance-${LAUNCH.instanceId}`, event] as const)));
  return model.all(ServerTagRow).map(({ id, serverId, tag }) => {
    expect([id, serverId]).toEqual([`${LAUNCH.instanceId}/${tag}`, LAUNCH.instanceId]);
    return tag;
  });
}

it('has a row for each tag that a server was launched with, and for those that came later', async () => {
  expect((await tags(requested)).sort()).toEqual(['constructor', 'web']);
  expect((await tags(requested, changed)).sort()).toEqual(['db', 'web']);
});
