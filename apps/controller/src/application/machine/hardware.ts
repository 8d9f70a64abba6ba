import type { Build, Hardware, ImageProperties, ImageRecord, LaunchRequest } from '@cairn/domain';

import type { Parts, Rule } from './rule';
import { deviceRules } from './rules/devices';
import { diskRules, requireBuses } from './rules/disks';
import { displayRules } from './rules/display';
import { guestAgentRules } from './rules/guest-agent';
import { limitRules } from './rules/limits';
import { processorRules } from './rules/processor';
import { systemRules } from './rules/system';
import { requireOffered } from './refusals';

/** Every property of images and flavors that changes the virtual machine. */
export const RULES: readonly Rule[] = [
  ...systemRules,
  ...processorRules,
  ...diskRules,
  ...deviceRules,
  ...displayRules,
  ...limitRules,
  ...guestAgentRules,
];

const IMAGE_NAMES: ReadonlySet<string> = new Set(RULES.flatMap(({ image }) => Object.keys(image)));

/** What an image says of the virtual machine, for a resize long after the image is gone. */
const machineProperties = (properties: ImageProperties): ImageProperties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => IMAGE_NAMES.has(name)));

const hardwareOf = (parts: Parts): Hardware =>
  RULES.reduce<Hardware>((hardware, each) => ({ ...hardware, ...each.gives(parts) }), {});

type Image = Pick<ImageRecord, 'imageId' | 'properties'> & { readonly name?: string | null };

/**
 * What an image and a flavor make of a server's virtual machine; absent where that is nothing.
 * @throws DomainError `invalid`, in nova's words, for what is no value, or does not go together.
 */
export function machineOf(
  { imageId, name, properties }: Image,
  { flavor, extraSpecs = {} }: Pick<Build, 'flavor' | 'extraSpecs'>,
): Pick<LaunchRequest, 'imageProperties' | 'hardware'> {
  const parts = { flavor, extraSpecs, image: { name: name ?? imageId, properties } };
  requireOffered(parts);
  const imageProperties = machineProperties(properties);
  const hardware = hardwareOf(parts);
  requireBuses(hardware, { name: parts.image.name, id: imageId });
  return {
    ...(Object.keys(imageProperties).length === 0 ? {} : { imageProperties }),
    ...(Object.keys(hardware).length === 0 ? {} : { hardware }),
  };
}
