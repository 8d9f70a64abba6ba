import type { LaunchRequest } from './launch/request';

/**
 * What the image and the flavor of a server change of its virtual machine, decided once, when it is launched, rebuilt or
 * resized. Part of the host protocol. What is absent is as in every other guest.
 */
export interface Hardware {
  /** A channel to the guest's QEMU guest agent. */
  readonly guestAgent?: true;
}

/** Those properties of the server's image, in nova's words, that say something of the virtual machine. */
export type ImageProperties = Readonly<Record<string, string>>;

/** The part of a server that its flavor decides, alone or with the image. */
export type Build = Pick<LaunchRequest, 'flavor' | 'extraSpecs' | 'hardware'>;

/** Of what also holds other things. */
export const buildOf = ({ flavor, extraSpecs, hardware }: Build): Build => ({
  flavor,
  ...(extraSpecs === undefined ? {} : { extraSpecs }),
  ...(hardware === undefined ? {} : { hardware }),
});
