/** EC2's ids of what OpenStack names by UUID. */

const hex = (number: number): string => number.toString(16).padStart(8, '0');

export const instanceEc2Id = (number: number): string => `i-${hex(number)}`;

/**
 * `ami-`, `aki-` or `ari-` with eight digits. nova counts images in a table; Cairn does not number images yet, so the
 * digits are the first 32 bits of the image's UUID: the same for ever, though two images might in theory share them.
 */
export const imageEc2Id = (prefix: 'ami' | 'aki' | 'ari', imageId: string): string =>
  `${prefix}-${imageId.replaceAll('-', '').slice(0, 8).toLowerCase()}`;
