import type { InstanceEvent } from '@cairn/domain';
import type { Projected, Projection } from '../projection';
import { ServerRow } from '../server.v2/row';
import { IMAGE_USES, type ImageUse, serverImageKey, ServerImageRow } from './row';

type Seen = Extract<
  InstanceEvent,
  {
    type:
      | 'instance.unshelve-requested.v1'
      | 'instance.rebuild-requested.v1'
      | 'instance.rescue-requested.v1'
      | 'instance.unrescued.v1'
      | 'instance.deleted.v1';
  }
>;

const RESCUE = IMAGE_USES.filter((use) => use !== 'root');

/** The uses that an event begins or ends. */
function usesOf({ type }: Projected<Seen>): readonly ImageUse[] {
  if (type === 'instance.deleted.v1') return IMAGE_USES;
  return type === 'instance.rescue-requested.v1' || type === 'instance.unrescued.v1' ? RESCUE : ['root'];
}

/** The image of a use from now on; undefined for none, null where it stays as it is. */
function imageOf(event: Projected<Seen>, use: ImageUse, server: ServerRow | null): string | undefined | null {
  switch (event.type) {
    case 'instance.unshelve-requested.v1':
      // where its disks still are, it goes on with them
      return server?.vmState === 'shelved' ? null : event.data.image?.imageId;
    case 'instance.rescue-requested.v1': {
      const { image, kernel, ramdisk } = event.data.rescue;
      return { root: undefined, rescue: image, 'rescue-kernel': kernel, 'rescue-ramdisk': ramdisk }[use]?.imageId;
    }
    case 'instance.rebuild-requested.v1': // the server's row has the new one
    case 'instance.unrescued.v1':
    case 'instance.deleted.v1':
      return undefined;
  }
}

export const serverImages: Projection<ServerImageRow, Seen, ServerRow> = {
  name: 'server-images.v1',
  group: 'servers',
  version: 1,
  entity: ServerImageRow,
  owner: { category: 'instance', column: 'serverId' },
  types: {
    'instance.unshelve-requested.v1': true,
    'instance.rebuild-requested.v1': true,
    'instance.rescue-requested.v1': true,
    'instance.unrescued.v1': true,
    'instance.deleted.v1': true,
  },
  keys: (event) => usesOf(event).map((use) => serverImageKey(event.streamId, use)),
  related: {
    entity: ServerRow,
    key: ({ type, streamId }) => (type === 'instance.unshelve-requested.v1' ? streamId : null),
  },
  apply(row, event, key, server) {
    const use = IMAGE_USES.find((one) => serverImageKey(event.streamId, one) === key) ?? 'root';
    const imageId = imageOf(event, use, server);
    if (imageId === null) return row;
    return imageId === undefined ? null : { id: key, serverId: event.streamId, imageId };
  },
};
