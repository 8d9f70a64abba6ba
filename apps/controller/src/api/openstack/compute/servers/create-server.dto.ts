import { Allow, ArrayMaxSize, IsArray, IsObject, ValidateBy, ValidateIf } from 'class-validator';
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
import { IsTags } from './server-tags';

/** More than a rack: one request does not ask for more. */
const MOST_SERVERS = 1000;
const USER_DATA_MAX = 65_535;
const MOST_NETWORKS = 16;

export class NetworkBody {
  @MayBeAbsent() @IsUuidText() readonly uuid?: string;
  @MayBeAbsent() @IsIpv4() readonly fixed_ip?: string;
  @Allow() readonly port?: unknown;
  @Allow() readonly tag?: unknown;
}

export class SecurityGroupBody {
  @MayBeAbsent() @IsName() readonly name?: string;
}

/** Only an image on a local disk is served; every field is known so that the refusal can say which is not. */
export class BlockDeviceBody {
  @Allow() readonly boot_index?: unknown;
  @Allow() readonly source_type?: unknown;
  @Allow() readonly destination_type?: unknown;
  @Allow() readonly uuid?: unknown;
  @Allow() readonly delete_on_termination?: unknown;
  @Allow() readonly volume_size?: unknown;
  @Allow() readonly volume_type?: unknown;
  @Allow() readonly device_name?: unknown;
  @Allow() readonly device_type?: unknown;
  @Allow() readonly disk_bus?: unknown;
  @Allow() readonly guest_format?: unknown;
  @Allow() readonly no_device?: unknown;
  @Allow() readonly tag?: unknown;
}

/** A number or text; nova takes a flavor's id as either. */
const IsReference = (): PropertyDecorator =>
  ValidateBy({
    name: 'isReference',
    validator: {
      validate: (value: unknown) =>
        (typeof value === 'string' && isOfLength(value, 1, 1024) && isStorable(value)) || Number.isSafeInteger(value),
      defaultMessage: () => 'is not of type string or integer, or is too short',
    },
  });

export const IsUserData = (): PropertyDecorator =>
  ValidateBy({
    name: 'isUserData',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && value.length <= USER_DATA_MAX && decodeBase64(value) !== undefined,
      defaultMessage: () => `is not base64 of at most ${String(USER_DATA_MAX)} characters`,
    },
  });

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
  @MayBeAbsent() @ArrayMaxSize(64) @IsArray() readonly personality?: readonly unknown[];
  @MayBeAbsent() @ArrayMaxSize(64) @IsArray() readonly block_device_mapping?: readonly unknown[];
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
