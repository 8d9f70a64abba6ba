import fc from 'fast-check';
import { asked, name, text, nothing } from '../asked';
import { imageOf, blobOf } from '../records';

export const image = asked({
  category: 'image',
  streams: ['image-0', 'image-1', 'image-2', 'image-3'],
  requests: (imageId) => ({
    CreateImage: text.map((given) =>
      imageOf({ imageId, projectId: 'p1', name: given, visibility: 'private', tags: ['a'] }),
    ),
    UpdateImage: fc.record({ name: text, tags: fc.subarray(['a', 'b']), properties: fc.dictionary(name, name) }),
    RecordImageUploaded: fc.constantFrom(5_000_000_000, 1).map((sizeBytes) => blobOf({ sizeBytes })),
    BeginImageUpload: fc.constant({ diskFormat: 'qcow2', containerFormat: 'bare' }),
    AbandonImage: fc.constant({ imageId }),
    DeleteImage: nothing,
  }),
});
