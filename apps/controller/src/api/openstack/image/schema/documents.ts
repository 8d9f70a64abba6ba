import { BASE_PROPERTIES, FREE_PROPERTY, KNOWN_PROPERTIES } from './properties';
import type { Rule } from './rules';

/** The schema documents that clients may ask for: `/v2/schemas/{image,images,member,members}`. */

/** The bounds are the database's: Glance's published schema does not have them. */
const published = ({ minimum: _minimum, maximum: _maximum, ...rule }: Rule): Omit<Rule, 'minimum' | 'maximum'> => rule;

const link = (href: string, rel: string): { href: string; rel: string } => ({ href: `{${href}}`, rel });

const imageSchema = {
  name: 'image',
  properties: Object.fromEntries(
    Object.entries({ ...KNOWN_PROPERTIES, ...BASE_PROPERTIES }).map(([name, rule]) => [name, published(rule)]),
  ),
  additionalProperties: FREE_PROPERTY,
  links: [link('self', 'self'), link('file', 'enclosure'), link('schema', 'describedby')],
};

const memberSchema = {
  name: 'member',
  properties: {
    created_at: { description: 'Date and time of image member creation', type: 'string' },
    image_id: { ...BASE_PROPERTIES['id'], description: 'An identifier for the image' },
    member_id: { description: 'An identifier for the image member (tenantId)', type: 'string' },
    schema: { readOnly: true, type: 'string' },
    status: {
      description: 'The status of this image member',
      enum: ['pending', 'accepted', 'rejected'],
      type: 'string',
    },
    updated_at: { description: 'Date and time of last modification of image member', type: 'string' },
  },
};

const page = (name: string, item: object): object => ({
  name,
  properties: {
    [name]: { type: 'array', items: item },
    first: { type: 'string' },
    next: { type: 'string' },
    schema: { type: 'string' },
  },
  links: [link('first', 'first'), link('next', 'next'), link('schema', 'describedby')],
});

export const SCHEMAS: Readonly<Record<string, object>> = {
  image: imageSchema,
  images: page('images', imageSchema),
  member: memberSchema,
  members: {
    name: 'members',
    properties: { members: { type: 'array', items: memberSchema }, schema: { type: 'string' } },
    links: [link('schema', 'describedby')],
  },
};
