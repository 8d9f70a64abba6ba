import { type SnapshotAsked, SnapshotServer } from '../../../../application/server/server-snapshot.handler';
import { IsMetadata, IsName, IsText, MayBeAbsent } from '../../../http';
import type { Metadata } from '../shared/metadata.dto';
import { IsIntegerLike } from '../shared/validators';
import { type Acting, commandAction } from './command-action';

/** The answer holds the image's id from this microversion on, and no Location. */
const ID_IN_BODY = 45;

class CreateImageBody {
  @IsName() readonly name!: string;
  @MayBeAbsent() @IsMetadata() readonly metadata?: Metadata;
}

class CreateBackupBody {
  @IsName() readonly name!: string;
  @IsText(0, 255) readonly backup_type!: string;
  @IsIntegerLike(0, 2 ** 31 - 1) readonly rotation!: number | string;
  @MayBeAbsent() @IsMetadata() readonly metadata?: Metadata;
}

async function snapshot(asked: SnapshotAsked, acting: Acting): Promise<unknown> {
  const { id, scope, context, commands, request, reply } = acting;
  const imageId = await commands.execute(new SnapshotServer(id, scope, asked, context));
  if (asked.backup?.rotation === 0) return undefined; // it is gone as soon as it is there
  if (request.minor >= ID_IN_BODY) return { image_id: imageId };
  void reply.header('location', acting.imageUrl(imageId));
  return undefined;
}

export const createImage = commandAction(
  'createImage',
  'servers:create_image',
  CreateImageBody,
  ({ name, metadata = {} }, acting) => snapshot({ name, metadata, backup: null }, acting),
);

export const createBackup = commandAction(
  'createBackup',
  'os-create-backup',
  CreateBackupBody,
  ({ name, metadata = {}, backup_type: type, rotation }, acting) =>
    snapshot({ name, metadata, backup: { type, rotation: Number(rotation) } }, acting),
);
