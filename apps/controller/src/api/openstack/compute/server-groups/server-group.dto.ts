import { Allow } from 'class-validator';
import { IsName, Nested } from '../../../http';

/** What it says of policies is checked by `policyOf`: its form follows from the microversion. */
export class ServerGroupBody {
  @IsName() readonly name!: string;
  @Allow() readonly policies?: unknown;
  @Allow() readonly policy?: unknown;
  @Allow() readonly rules?: unknown;
}

export class CreateServerGroupBody {
  @Nested(() => ServerGroupBody) readonly server_group!: ServerGroupBody;
}
