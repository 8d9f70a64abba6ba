import type { RecordedEvent } from '@cairn/event-store';
import { UnknownEvent } from '../errors';
import { projections } from '../projections';
import { recorded } from '../testing/timeline';
import { Folder } from './folder';

describe('what is to be done for an event', () => {
  const folder = new Folder(projections);

  /** Says its stream and type and nothing else. */
  const bare = (stream: string, type: string): RecordedEvent => ({
    ...recorded(stream, { type, data: {} }, 1),
    get data(): never {
      throw new Error('the data were asked for');
    },
    get metadata(): never {
      throw new Error('the metadata were asked for');
    },
  });

  it.each([
    ['agent-h1', 'agent.job-succeeded.v1'],
    ['registry-instance', 'registry.numbers-allocated.v1'],
    ['$ce', 'anything'],
  ])('is nothing for %s %s, and no more of it is looked at', (stream, type) => {
    expect(folder.tasks(bare(stream, type))).toEqual([]);
  });

  it('is not known for a type of the domain that this build does not know', () => {
    expect(() => folder.tasks(bare('instance-1', 'instance.launched.v99'))).toThrow(UnknownEvent);
  });

  it('is a task with all that its projections fold', () => {
    const created = recorded('flavor-1', { type: 'flavor.created.v1', data: { name: 'm1' } }, 2);
    const [task] = folder.tasks(created);
    expect(task).toMatchObject({
      stream: 'flavor-1',
      event: { type: 'flavor.created.v1', data: { name: 'm1' }, streamId: '1', at: created.metadata['at'] },
      folds: [{ name: 'flavors.v2' }],
    });
  });
});
