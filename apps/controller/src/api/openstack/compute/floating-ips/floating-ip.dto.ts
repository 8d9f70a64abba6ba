import { IsName, IsText, MayBeAbsent, Nested } from '../../../http';
import { IsInterface } from './interface-name';

class BulkCreate {
  @IsText(1, 255) readonly ip_range!: string;
  @MayBeAbsent() @IsName() readonly pool?: string;
  @MayBeAbsent() @IsInterface() readonly interface?: string;
}

export class BulkCreateBody {
  @Nested(() => BulkCreate) readonly floating_ips_bulk_create!: BulkCreate;
}

export class BulkDeleteBody {
  @IsText(1, 255) readonly ip_range!: string;
}
