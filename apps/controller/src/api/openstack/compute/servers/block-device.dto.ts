import { Allow } from 'class-validator';
import { faultRule, IsText, MayBeAbsent, MayBeNull, shown } from '../../../http';
import { IsBooleanLike, IsIntegerLike, IsOneOf, IsUuidText } from '../shared/validators';
import { IsTag } from './server-tags';

const INT32_MAX = 2 ** 31 - 1;

const matching = (pattern: RegExp, source: string): PropertyDecorator =>
  faultRule('isMatching', (value) => {
    if (typeof value !== 'string') return `${shown(value)} is not of type 'string'`;
    return pattern.test(value) ? undefined : `${shown(value)} does not match '${source}'`;
  });

const IsDeviceName = (): PropertyDecorator => matching(/^[a-zA-Z0-9._/-]{1,255}$/, '^[a-zA-Z0-9._/-]*$');
const IsDeviceId = (): PropertyDecorator => matching(/^[a-zA-Z0-9._-]{1,255}$/, '^[a-zA-Z0-9._-]*$');

const IsBootIndex = (): PropertyDecorator =>
  faultRule('isBootIndex', (value) => {
    if (typeof value === 'string')
      return /^-?[0-9]{1,9}$/.test(value) ? undefined : `${shown(value)} does not match '^-?[0-9]+$'`;
    return Number.isSafeInteger(value) ? undefined : `${shown(value)} is not of type 'integer', 'string', 'null'`;
  });

/** nova's `_legacy_block_device_mapping`; volumes and snapshots are known so that the refusal can name them. */
export class LegacyDeviceBody {
  @MayBeAbsent() @IsText(0, 255) readonly virtual_name?: string;
  @MayBeAbsent() @IsUuidText() readonly volume_id?: string;
  @MayBeAbsent() @IsUuidText() readonly snapshot_id?: string;
  @MayBeAbsent() @IsIntegerLike(1, INT32_MAX) readonly volume_size?: number | string;
  @MayBeAbsent() @IsDeviceName() readonly device_name?: string;
  @MayBeAbsent() @IsBooleanLike() readonly delete_on_termination?: boolean | string;
  @Allow() readonly no_device?: unknown;
  @MayBeAbsent() @IsText(0, 16_777_215) readonly connection_info?: string;
}

/** nova's `_block_device_mapping_v2`. */
export class BlockDeviceBody extends LegacyDeviceBody {
  @MayBeAbsent() @IsOneOf('volume', 'image', 'snapshot', 'blank') readonly source_type?: string;
  @MayBeAbsent() @IsOneOf('local', 'volume') readonly destination_type?: 'local' | 'volume';
  @MayBeAbsent() @IsDeviceId() readonly uuid?: string;
  @MayBeAbsent() @IsUuidText() readonly image_id?: string;
  @MayBeAbsent() @IsText(0, 255) readonly guest_format?: string;
  @MayBeAbsent() @IsText(0, 255) readonly device_type?: string;
  @MayBeAbsent() @IsText(0, 255) readonly disk_bus?: string;
  @MayBeNull() @IsBootIndex() readonly boot_index?: number | string | null;
  @MayBeNull() @IsText(0, 255) readonly volume_type?: string | null;
  @MayBeAbsent() @IsTag() readonly tag?: string;
}
