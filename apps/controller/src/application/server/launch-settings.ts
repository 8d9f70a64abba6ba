import { type ConfigDriveFormat, DomainError, type ImageRecord, own } from '@cairn/domain';
import type { ControllerConfig } from '../../config';

/** What an operator decides about launches. */
export type LaunchSettings = Pick<ControllerConfig, 'scheduler' | 'maxLocalBlockDevices' | 'configDrive'>;

/**
 * The configuration drive that an image demands (nova: `img_config_drive`); undefined for none.
 * @throws DomainError `invalid` for a demand that is none.
 */
export function driveDemanded(
  { properties }: Pick<ImageRecord, 'properties'>,
  { configDrive: { format } }: Pick<LaunchSettings, 'configDrive'>,
): ConfigDriveFormat | undefined {
  const option = own(properties, 'img_config_drive') ?? 'optional';
  if (option === 'mandatory') return format;
  if (option === 'optional') return undefined;
  const message = `Image's config drive option '${option.slice(0, 255)}' is invalid`;
  throw new DomainError('invalid', 'image.config-drive', message);
}
