import { ArrayMinSize } from 'class-validator';
import {
  isLine,
  isOfLength,
  IsMetadataOrNulls,
  IsName,
  MayBeAbsent,
  MayBeNull,
  Nested,
  NestedList,
  rule,
  shown,
} from '../../../http';
import { IsUuidText } from '../shared/validators';

const NO_ZONE =
  'An invalid name was provided. The name must be: printable characters. ' +
  'Can not start or end with whitespace or contain a colon.';

/** A colon separates a zone from a host in the request for a server. */
const IsZoneName = (): PropertyDecorator =>
  rule(
    'isZoneName',
    (value) => typeof value === 'string' && isOfLength(value, 1, 255) && isLine(value) && !value.includes(':'),
    (value) => (typeof value === 'string' ? NO_ZONE : `${shown(value)} is not of type 'string'`),
  );

/** A name around which spaces may stand, which are not part of it. */
const IsPaddedName = (): PropertyDecorator =>
  rule(
    'isPaddedName',
    (value) => typeof value === 'string' && isOfLength(value, 1, 255) && value.trim() !== '' && isLine(value.trim()),
    (value) => `${shown(value)} is not a name`,
  );

class NewAggregate {
  @IsName() readonly name!: string;
  @MayBeNull() @IsZoneName() readonly availability_zone?: string | null;
}

export class CreateAggregateBody {
  @Nested(() => NewAggregate) readonly aggregate!: NewAggregate;
}

class AggregateUpdate {
  @MayBeAbsent() @IsPaddedName() readonly name?: string;
  @MayBeNull() @IsZoneName() readonly availability_zone?: string | null;
}

export class UpdateAggregateBody {
  @Nested(() => AggregateUpdate) readonly aggregate!: AggregateUpdate;
}

class OneHost {
  @IsName() readonly host!: string;
}

class NewMetadata {
  @IsMetadataOrNulls() readonly metadata!: Readonly<Record<string, string | null>>;
}

/** One of the three, which the field names. */
export class AggregateActionBody {
  @MayBeAbsent() @Nested(() => OneHost) readonly add_host?: OneHost;
  @MayBeAbsent() @Nested(() => OneHost) readonly remove_host?: OneHost;
  @MayBeAbsent() @Nested(() => NewMetadata) readonly set_metadata?: NewMetadata;
}

class OneImage {
  @IsUuidText() readonly id!: string;
}

/** A page of images; nova has no limit. */
const MAX_IMAGES = 100;

/** From 2.81 on. */
export class CacheImagesBody {
  @ArrayMinSize(1) @NestedList(() => OneImage, MAX_IMAGES) readonly cache!: readonly OneImage[];
}
