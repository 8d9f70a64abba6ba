import { IsMetadata } from '../../../http';

export type Metadata = Readonly<Record<string, string>>;

/** The items of a server or image. */
export class MetadataBody {
  @IsMetadata() readonly metadata!: Metadata;
}

/** The one item that the URL names. */
export class MetaBody {
  @IsMetadata() readonly meta!: Metadata;
}
