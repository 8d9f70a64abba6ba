import type { Image } from '@cairn/domain';
import { ImageRow } from '../../read-models';
import type { Agreement } from '../agreement';

export const image: Agreement = {
  says: 'of an image: its status, what people say of it, and what its data are',
  rows: [ImageRow],
  holds(cloud, model) {
    for (const id of cloud.ids('image')) {
      const { status, record, blob, createdAt, updatedAt } = cloud.state({ category: 'image', id }) as Image;
      if (record === undefined) {
        expect(model.get(ImageRow, id)).toBeUndefined();
        continue;
      }
      const { imageId: _id, ...shown } = record;
      expect(model.get(ImageRow, id)).toMatchObject({ status, ...shown, ...blob, createdAt, updatedAt });
    }
  },
};
