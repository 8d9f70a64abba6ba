import { IsOptional, IsString } from 'class-validator';
import { IsText, Nested, OptionalNested } from '../../../http';

class PasswordCredentialsDto {
  @IsOptional() @IsString() readonly username?: string;
  @IsOptional() @IsString() readonly userId?: string;
  @IsText(0, 4096) readonly password!: string;
}

class TokenDto {
  @IsString() readonly id!: string;
}

class AuthDto {
  @OptionalNested(() => PasswordCredentialsDto) readonly passwordCredentials?: PasswordCredentialsDto;
  @OptionalNested(() => TokenDto) readonly token?: TokenDto;
  @IsOptional() @IsString() readonly tenantId?: string | null;
  @IsOptional() @IsString() readonly tenantName?: string | null;
}

/** `POST /v2.0/tokens`. */
export class TokensBody {
  @Nested(() => AuthDto) readonly auth!: AuthDto;
}

/** `GET /v2.0/tokens/{token}`. */
export class ValidationQuery {
  @IsOptional() @IsString() readonly belongsTo?: string;
}
