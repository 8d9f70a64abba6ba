import { IsBoolean, IsObject, IsOptional } from 'class-validator';
import { IsDescription, IsName, IsText, Nested, NestedWithAttributes } from '../../../http';

/** Keystone keeps e-mail addresses and descriptions as its `extra` of that many bytes. */
const MAX_DESCRIPTION = 65_535;
const MAX_ID = 255;
const MAX_PASSWORD = 4096;

class UserFieldsDto {
  @IsOptional() @IsText(0, MAX_PASSWORD) readonly password?: string | null;
  @IsOptional() @IsDescription(MAX_DESCRIPTION) readonly email?: string | null;
  @IsOptional() @IsDescription(MAX_DESCRIPTION) readonly description?: string | null;
  @IsOptional() @IsBoolean() readonly enabled?: boolean | null;
  @IsOptional() @IsText(0, 64) readonly default_project_id?: string | null;
  @IsOptional() @IsText(0, MAX_ID) readonly domain_id?: string | null;
  /** Keystone's per-user options concern password rules that this cloud does not have. */
  @IsOptional() @IsObject() readonly options?: object | null;
}

class CreateUserDto extends UserFieldsDto {
  @IsName() readonly name!: string;
}

class UpdateUserDto extends UserFieldsDto {
  @IsOptional() @IsName() readonly name?: string | null;
}

class PasswordChangeDto {
  @IsText(1, MAX_PASSWORD) readonly password!: string;
  @IsText(0, MAX_PASSWORD) readonly original_password!: string;
}

export class CreateUserBody {
  @NestedWithAttributes(() => CreateUserDto) readonly user!: CreateUserDto;
}

export class UpdateUserBody {
  @NestedWithAttributes(() => UpdateUserDto) readonly user!: UpdateUserDto;
}

export class PasswordChangeBody {
  @Nested(() => PasswordChangeDto) readonly user!: PasswordChangeDto;
}
