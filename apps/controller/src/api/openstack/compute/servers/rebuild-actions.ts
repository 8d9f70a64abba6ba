import { type RebuildAsked, RebuildServer, RescueServer } from '../../../../application/server/server-images.handler';
import { IsDescription, IsMetadata, IsName, IsText, MayBeAbsent, MayBeNull, NestedList } from '../../../http';
import { type FieldVersions, invalidField, requireKnownFields } from '../shared/additional';
import type { ComputeRequest } from '../shared/compute-request';
import {
  booleanOf,
  decodeBase64,
  IsAddressOrNone,
  IsBooleanLike,
  IsHostname,
  IsOneOf,
  isUuid,
  IsUuidText,
} from '../shared/validators';
import { type Acting, commandAction } from './command-action';
import { FileBody, IsUserData, MOST_FILES } from './create-server.dto';
import { accessAddresses, injectedOf } from './launch-spec';
import { presentRebuiltServer } from './server.presenter';

/** `imageRef` may be a URL that ends with the id. */
class RebuildBody {
  @IsText(1, 1024) readonly imageRef!: string;
  @MayBeAbsent() @IsText(1, 255) readonly adminPass?: string;
  @MayBeAbsent() @IsName() readonly name?: string;
  @MayBeNull() @IsDescription() readonly description?: string | null;
  @MayBeAbsent() @IsHostname() readonly hostname?: string;
  @MayBeAbsent() @IsMetadata() readonly metadata?: Readonly<Record<string, string>>;
  @MayBeAbsent() @IsBooleanLike() readonly preserve_ephemeral?: boolean | string;
  @MayBeAbsent() @IsOneOf('AUTO', 'MANUAL') readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
  @MayBeAbsent() @IsAddressOrNone(4) readonly accessIPv4?: string;
  @MayBeAbsent() @IsAddressOrNone(6) readonly accessIPv6?: string;
  @MayBeNull() @IsName() readonly key_name?: string | null;
  @MayBeNull() @IsUserData() readonly user_data?: string | null;
  @MayBeAbsent() @NestedList(() => FileBody, MOST_FILES) readonly personality?: FileBody[];
  @MayBeAbsent() @IsOneOf(null) readonly trusted_image_certificates?: null;
}

class RescueBody {
  @MayBeAbsent() @IsText(1, 255) readonly adminPass?: string;
  @MayBeAbsent() @IsUuidText() readonly rescue_image_ref?: string;
}

/** The fields of a rebuild that not every microversion knows. */
const FIELDS: FieldVersions = {
  description: { since: 19 },
  personality: { until: 56 },
  key_name: { since: 54 },
  user_data: { since: 57 },
  trusted_image_certificates: { since: 63 },
  hostname: { since: 90 },
};

function checkRebuild(body: RebuildBody, { minor }: ComputeRequest): void {
  requireKnownFields(minor, body, FIELDS);
  if (!isUuid(imageOf(body))) throw invalidField('imageRef', body.imageRef, "It is not a 'uuid'");
}

const imageOf = ({ imageRef }: RebuildBody): string => imageRef.split('/').at(-1)?.toLowerCase() ?? '';

function rebuildOf(body: RebuildBody): RebuildAsked {
  const { name, description, hostname, metadata, key_name: keyName, user_data: userData } = body;
  const diskConfig = body['OS-DCF:diskConfig'];
  return {
    imageId: imageOf(body),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(keyName === undefined ? {} : { keyName }),
    ...(userData === undefined ? {} : { userData: userData === null ? null : (decodeBase64(userData) ?? null) }),
    ...injectedOf(body),
    ...(diskConfig === undefined ? {} : { autoDiskConfig: diskConfig === 'AUTO' }),
    ...accessAddresses(body),
    preserveEphemeral: booleanOf(body.preserve_ephemeral) === true,
  };
}

async function askForRebuild(body: RebuildBody, acting: Acting): Promise<unknown> {
  const { id, scope, context, commands, reader, request, reply, tellsPasswords } = acting;
  const adminPass = await commands.execute(new RebuildServer(id, scope, rebuildOf(body), context));
  const row = await reader.one(id, request);
  void reply.header('location', request.links.locationOf('servers', id));
  const server = presentRebuiltServer(row, { ...(await reader.viewerOf(row, request)), given: body.user_data ?? null });
  return { server: tellsPasswords ? { ...server, adminPass: body.adminPass ?? adminPass } : server };
}

export const rebuild = commandAction('rebuild', 'servers:rebuild', RebuildBody, askForRebuild, checkRebuild);

export const rescue = commandAction(
  'rescue',
  'os-rescue',
  RescueBody,
  async ({ adminPass, rescue_image_ref: imageId = null }, { id, scope, context, commands, reply, tellsPasswords }) => {
    const generated = await commands.execute(new RescueServer(id, scope, imageId, context));
    void reply.status(200);
    return tellsPasswords ? { adminPass: adminPass ?? generated } : {};
  },
);
