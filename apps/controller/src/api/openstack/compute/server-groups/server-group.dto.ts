import { IsArray } from 'class-validator';
import { IsName, Nested } from '../../../http';

class ServerGroupBody {
  @IsName() readonly name!: string;
  /** Checked by `policyOf`: which there are follows from the microversion. */
  @IsArray() readonly policies!: readonly unknown[];
}

export class CreateServerGroupBody {
  @Nested(() => ServerGroupBody) readonly server_group!: ServerGroupBody;
}
