import { own, VISIBILITIES } from '@cairn/domain';
import type { Rule } from './rules';

/**
 * The properties of an image as Glance 25.1 declares them, with the formats that it is configured with by default. Its
 * schema has no bounds on min_disk and min_ram; the bounds here are those of its database.
 */

const DISK_FORMATS = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'] as const;

const CONTAINER_FORMATS = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker'] as const;

const UUID = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$';
const MAX_INT = 2_147_483_647;

const STATUSES = [
  'queued',
  'saving',
  'active',
  'killed',
  'deleted',
  'uploading',
  'importing',
  'pending_delete',
  'deactivated',
];

const shown = (description: string, type: Rule['type'] = 'string'): Rule => ({ type, readOnly: true, description });

const amount = (description: string): Rule => ({ type: 'integer', minimum: 0, maximum: MAX_INT, description });

const location = { metadata: { type: 'object' }, url: { type: 'string', maxLength: 255 } };

/** What Glance itself gives a meaning. */
export const BASE_PROPERTIES: Readonly<Record<string, Rule>> = {
  id: { type: 'string', description: 'An identifier for the image', pattern: UUID },
  name: { type: ['null', 'string'], description: 'Descriptive name for the image', maxLength: 255 },
  status: { type: 'string', readOnly: true, description: 'Status of the image', enum: STATUSES },
  visibility: { type: 'string', description: 'Scope of image accessibility', enum: VISIBILITIES },
  protected: { type: 'boolean', description: 'If true, image will not be deletable.' },
  os_hidden: {
    type: 'boolean',
    description: 'If true, image will not appear in default image list response.',
  },
  checksum: { ...shown('md5 hash of image contents.', ['null', 'string']), maxLength: 32 },
  os_hash_algo: { ...shown('Algorithm to calculate the os_hash_value', ['null', 'string']), maxLength: 64 },
  os_hash_value: {
    ...shown('Hexdigest of the image contents using the algorithm specified by the os_hash_algo', ['null', 'string']),
    maxLength: 128,
  },
  owner: { type: ['null', 'string'], description: 'Owner of the image', maxLength: 255 },
  size: shown('Size of image file in bytes', ['null', 'integer']),
  virtual_size: shown('Virtual size of image in bytes', ['null', 'integer']),
  container_format: {
    type: ['null', 'string'],
    description: 'Format of the container',
    enum: [null, ...CONTAINER_FORMATS],
  },
  disk_format: { type: ['null', 'string'], description: 'Format of the disk', enum: [null, ...DISK_FORMATS] },
  created_at: shown('Date and time of image registration'),
  updated_at: shown('Date and time of the last image modification'),
  tags: {
    type: 'array',
    description: 'List of strings related to the image',
    items: { type: 'string', maxLength: 255 },
  },
  direct_url: shown('URL to access the image file kept in external store'),
  min_ram: amount('Amount of ram (in MB) required to boot image.'),
  min_disk: amount('Amount of disk space (in GB) required to boot image.'),
  self: shown('An image self url'),
  file: shown('An image file url'),
  schema: shown('An image schema url'),
  locations: {
    type: 'array',
    items: { type: 'object', required: ['url', 'metadata'], properties: location },
    description: 'A set of URLs to access the image file kept in external store',
  },
};

const KEYS = 'as specified in https://docs.openstack.org/python-glanceclient/latest/cli/property-keys.html';

const linked = (as: 'kernel' | 'ramdisk'): Rule => ({
  type: ['null', 'string'],
  is_base: false,
  pattern: UUID,
  description: `ID of image stored in Glance that should be used as the ${as} when booting an AMI-style image.`,
});

/** Free properties that Glance's `schema-image.json` describes. */
export const KNOWN_PROPERTIES: Readonly<Record<string, Rule>> = {
  kernel_id: linked('kernel'),
  ramdisk_id: linked('ramdisk'),
  instance_uuid: {
    type: 'string',
    is_base: false,
    description:
      'Metadata which can be used to record which instance this image is associated with. ' +
      '(Informational only, does not create an instance snapshot.)',
  },
  architecture: { type: 'string', is_base: false, description: `Operating system architecture ${KEYS}` },
  os_distro: {
    type: 'string',
    is_base: false,
    description: `Common name of operating system distribution ${KEYS}`,
  },
  os_version: {
    type: 'string',
    is_base: false,
    description: 'Operating system version as specified by the distributor',
  },
};

/** Every other property: text. */
export const FREE_PROPERTY: Rule = { type: 'string' };

/** The rule of a property by its name. */
export const ruleOf = (name: string): Rule => {
  return own(BASE_PROPERTIES, name) ?? own(KNOWN_PROPERTIES, name) ?? FREE_PROPERTY;
};

export const isBase = (name: string): boolean => Object.hasOwn(BASE_PROPERTIES, name);
