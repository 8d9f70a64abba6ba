import { Allow, ArrayMaxSize, IsArray, IsObject, ValidateIf } from 'class-validator';
import {
  IsDescription,
  IsMetadata,
  IsName,
  isOfLength,
  isStorable,
  IsText,
  MayBeAbsent,
  MayBeNull,
  Nested,
  NestedList,
  rule,
} from '../../../http';
import {
  decodeBase64,
  IsAddressOrNone,
  IsBooleanLike,
  IsHostname,
  IsIntegerLike,
  IsIpv4,
  IsOneOf,
  IsUuidText,
} from '../shared/validators';
import { BlockDeviceBody, LegacyDeviceBody } from './block-device.dto';
import { IsTag, IsTags } from './server-tags';

/** More than a rack: one request does not ask for more. */
const MOST_SERVERS = 1000;
const USER_DATA_MAX = 65_535;
const MOST_NETWORKS = 16;
/** The project's quota decides first. */
export const MOST_FILES = 1024;

const IsFileContents = (): PropertyDecorator =>
  rule(
    'isFileContents',
    (value) => typeof value === 'string' && decodeBase64(value) !== undefined,
    () => "is not a 'base64'",
  );

export class NetworkBody {
  @MayBeAbsent() @IsUuidText() readonly uuid?: string;
  @MayBeAbsent() @IsIpv4() readonly fixed_ip?: string;
  @Allow() readonly port?: unknown;
  @MayBeAbsent() @IsTag() readonly tag?: string;
}

export class SecurityGroupBody {
  @MayBeAbsent() @IsName() readonly name?: string;
}

/** An injected file. */
export class FileBody {
  @IsText(0, 65_535) readonly path!: string;
  @IsFileContents() readonly contents!: string;
}

/** A number or text; nova takes a flavor's id as either. */
const IsReference = (): PropertyDecorator =>
  rule(
    'isReference',
    (value) =>
      (typeof value === 'string' && isOfLength(value, 1, 1024) && isStorable(value)) || Number.isSafeInteger(value),
    () => 'is not of type string or integer, or is too short',
  );

export const IsUserData = (): PropertyDecorator =>
  rule(
    'isUserData',
    (value) => typeof value === 'string' && value.length <= USER_DATA_MAX && decodeBase64(value) !== undefined,
    () => `is not base64 of at most ${String(USER_DATA_MAX)} characters`,
  );

/** `auto` and `none` are texts; everything else is looked at as a list. */
const unlessWord = (body: ServerBody): boolean => body.networks !== undefined && typeof body.networks !== 'string';

export class ServerBody {
  @IsName() readonly name!: string;
  @IsReference() readonly flavorRef!: string | number;
  @MayBeAbsent() @IsText(0, 1024) readonly imageRef?: string;
  @MayBeNull() @IsDescription() readonly description?: string | null;
  @MayBeAbsent() @IsMetadata() readonly metadata?: Readonly<Record<string, string>>;
  @MayBeAbsent() @IsTags() readonly tags?: readonly string[];
  @MayBeAbsent() @IsHostname() readonly hostname?: string;
  @MayBeAbsent() @IsName() readonly key_name?: string;
  @MayBeAbsent() @IsUserData() readonly user_data?: string;
  @MayBeAbsent() @IsText(1, 255) readonly adminPass?: string;
  @MayBeAbsent() @IsName() readonly availability_zone?: string;
  @ValidateIf(unlessWord)
  @NestedList(() => NetworkBody, MOST_NETWORKS)
  readonly networks?: 'auto' | 'none' | NetworkBody[];
  @MayBeAbsent() @NestedList(() => SecurityGroupBody, 64) readonly security_groups?: SecurityGroupBody[];
  @MayBeAbsent() @IsIntegerLike(1, MOST_SERVERS) readonly min_count?: number | string;
  @MayBeAbsent() @IsIntegerLike(1, MOST_SERVERS) readonly max_count?: number | string;
  @MayBeAbsent() @IsBooleanLike() readonly return_reservation_id?: boolean | string;
  @ValidateIf(({ config_drive }: ServerBody) => ![undefined, null, ''].includes(config_drive as string))
  @IsBooleanLike()
  readonly config_drive?: boolean | string | null;
  @MayBeAbsent() @IsOneOf('AUTO', 'MANUAL') readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
  @MayBeAbsent() @IsAddressOrNone(4) readonly accessIPv4?: string;
  @MayBeAbsent() @IsAddressOrNone(6) readonly accessIPv6?: string;
  @MayBeAbsent() @NestedList(() => FileBody, MOST_FILES) readonly personality?: FileBody[];
  @MayBeAbsent() @NestedList(() => LegacyDeviceBody, 64) readonly block_device_mapping?: LegacyDeviceBody[];
  @MayBeAbsent() @NestedList(() => BlockDeviceBody, 64) readonly block_device_mapping_v2?: BlockDeviceBody[];
  @MayBeNull() @ArrayMaxSize(50) @IsArray() readonly trusted_image_certificates?: readonly unknown[] | null;
  @MayBeAbsent() @IsName() readonly host?: string;
  @MayBeAbsent() @IsName() readonly hypervisor_hostname?: string;
  @MayBeAbsent() @IsObject() readonly 'os:scheduler_hints'?: object;
  @MayBeAbsent() @IsObject() readonly 'OS-SCH-HNT:scheduler_hints'?: object;
}

export class CreateServerBody {
  @Nested(() => ServerBody) readonly server!: ServerBody;
  @MayBeAbsent() @IsObject() readonly 'os:scheduler_hints'?: object;
  @MayBeAbsent() @IsObject() readonly 'OS-SCH-HNT:scheduler_hints'?: object;
}
