import { uuid } from '../testing/examples';
import { after, at, specOf } from '../testing/given';
import { imageOf } from '../testing/model/records';
import { image, type ImageBlob, type ImageCommand, type ImageEvent, type ImageRecord } from './index';

const given = specOf(image);
const record = imageOf({ imageId: uuid(1), visibility: 'private', properties: { os: 'linux' } });
const blob: ImageBlob = { sizeBytes: 3, sha256: 'aa', sha512: 'bb', md5: 'cc' };
const created: ImageEvent = { type: 'image.created.v1', data: record };
const uploaded: ImageEvent = { type: 'image.uploaded.v1', data: blob };
const deleted: ImageEvent = { type: 'image.deleted.v1', data: { imageId: uuid(1) } };
const create: ImageCommand = { type: 'CreateImage', data: record };
const update = (data: Partial<ImageRecord>): ImageCommand => ({ type: 'UpdateImage', data });
const upload: ImageCommand = { type: 'RecordImageUploaded', data: blob };
const remove: ImageCommand = { type: 'DeleteImage', data: {} };

describe('the life of an image', () => {
  it('begins once, queued, and is active when its bits are stored', () => {
    given().when(create).then(created);
    given(created).when(create).thenRefuses('image.exists');
    given(created).when(upload).then(uploaded);
    expect(given(created, at(5, uploaded)).state).toEqual({
      status: 'active',
      record,
      blob,
      createdAt: after(0),
      updatedAt: after(5),
    });
  });

  it('takes its bits once', () => {
    given(created, uploaded).when(upload).thenNothing();
    given(created, uploaded)
      .when({ type: 'RecordImageUploaded', data: { ...blob, sha256: 'dd' } })
      .thenRefuses('image.not-queued');
  });

  it('shows that a host sends its bits, in their form', () => {
    const form = { diskFormat: 'qcow2', containerFormat: 'bare' };
    const begun: ImageEvent = { type: 'image.upload-begun.v1', data: form };
    const begin: ImageCommand = { type: 'BeginImageUpload', data: form };
    given(created).when(begin).then(begun);
    expect(given(created, begun).state).toMatchObject({ status: 'saving', record: { ...record, ...form } });
    given(created, begun).when(begin).thenNothing();
    given(created, begun).when(upload).then(uploaded);
    given(created, begun)
      .when(update({ diskFormat: 'raw' }))
      .thenRefuses('image.format-frozen');
    given(created, uploaded).when(begin).thenRefuses('image.not-queued');
  });

  it('is abandoned before it has its bits, or before it is there, and not afterwards', () => {
    const abandon: ImageCommand = { type: 'AbandonImage', data: { imageId: uuid(1) } };
    const abandoned: ImageEvent = { type: 'image.abandoned.v1', data: { imageId: uuid(1) } };
    given().when(abandon).then(abandoned);
    given(abandoned).when(create).thenRefuses('image.exists');
    given(created).when(abandon).then(deleted);
    for (const over of [[abandoned], [created, uploaded], [created, deleted]])
      given(...over)
        .when(abandon)
        .thenNothing();
  });

  it('ends once and never comes back', () => {
    given(created).when(remove).then(deleted);
    expect(given(created, deleted).state.status).toBe('deleted');
    for (const command of [remove, upload, update({ name: 'x' })]) {
      given(created, deleted).when(command).thenRefuses('image.not-found');
      given().when(command).thenRefuses('image.not-found');
    }
    given(created, deleted).when(create).thenRefuses('image.exists');
  });

  it('does not end while it is protected', () => {
    given(created, { type: 'image.updated.v1', data: { protected: true } })
      .when(remove)
      .thenRefuses('image.protected');
  });
});

describe('changing an image', () => {
  it('records what differs, and nothing else', () => {
    given(created)
      .when(update({ name: 'debian', tags: [] }))
      .then({ type: 'image.updated.v1', data: { name: 'debian' } });
    given(created)
      .when(update({ properties: { os: 'linux' } }))
      .thenNothing();
    const renamed: ImageEvent = { type: 'image.updated.v1', data: { name: 'debian' } };
    const { state } = given(created, at(9, renamed));
    expect(state).toMatchObject({ record: { ...record, name: 'debian' }, updatedAt: after(9) });
    expect(given({ type: 'image.updated.v1', data: { name: 'debian' } }).state).toEqual(image.initial);
  });

  it.each([{ diskFormat: 'raw' }, { containerFormat: 'ovf' }])('of its form ends with the upload: %j', (data) => {
    given(created).when(update(data)).then({ type: 'image.updated.v1', data });
    given(created, uploaded).when(update(data)).thenRefuses('image.format-frozen');
    given(created, uploaded)
      .when(update({ diskFormat: 'qcow2' }))
      .thenNothing();
  });
});
