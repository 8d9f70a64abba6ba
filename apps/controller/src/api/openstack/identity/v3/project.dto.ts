import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
} from 'class-validator';
import { Nested } from '../../../http';

/** Keystone's limit for projects; users' names may be longer. */
const MAX_NAME = 64;

class ProjectFieldsDto {
  @IsOptional() @IsString() readonly description?: string | null;
  @IsOptional() @IsBoolean() readonly enabled?: boolean | null;
  @IsOptional() @IsString() readonly domain_id?: string | null;
  /** Projects stand directly under their domain. */
  @IsOptional() @IsString() readonly parent_id?: string | null;
  @IsOptional() @Equals(false) readonly is_domain?: false | null;
  @IsOptional() @ArrayMaxSize(0) @IsArray() readonly tags?: readonly never[] | null;
  @IsOptional() @IsObject() readonly options?: object | null;
}

class CreateProjectDto extends ProjectFieldsDto {
  @Matches(/\S/) @Length(1, MAX_NAME) @IsString() readonly name!: string;
}

class UpdateProjectDto extends ProjectFieldsDto {
  @IsOptional() @Matches(/\S/) @Length(1, MAX_NAME) @IsString() readonly name?: string | null;
}

export class CreateProjectBody {
  @Nested(() => CreateProjectDto) readonly project!: CreateProjectDto;
}

export class UpdateProjectBody {
  @Nested(() => UpdateProjectDto) readonly project!: UpdateProjectDto;
}
