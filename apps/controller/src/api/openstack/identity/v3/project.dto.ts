import { Equals, IsBoolean, IsObject, IsOptional } from 'class-validator';
import { IsDescription, isLine, IsName, IsText, NestedWithAttributes, rule } from '../../../http';

const MAX_TAGS = 80;
const TAG = /^[^,/]{1,255}$/u;

export const isTag = (value: unknown): value is string => typeof value === 'string' && TAG.test(value) && isLine(value);

/** Keystone's rule: at most 80 words, each once, without comma and slash, which lists and paths are made with. */
const areTags = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MAX_TAGS && value.every(isTag) && new Set(value).size === value.length;

const IsTags = (): PropertyDecorator =>
  rule('isTags', areTags, () => 'Tags are at most 80 texts of 1 to 255 characters without "," and "/", each once.');

/** `PUT /v3/projects/{id}/tags`. */
export class TagsBody {
  @IsTags() readonly tags!: readonly string[];
}

/** Keystone's limit for projects; users' names may be longer. */
const MAX_NAME = 64;
const MAX_DESCRIPTION = 65_535;
const MAX_ID = 255;

class ProjectFieldsDto {
  @IsOptional() @IsDescription(MAX_DESCRIPTION) readonly description?: string | null;
  @IsOptional() @IsBoolean() readonly enabled?: boolean | null;
  @IsOptional() @IsText(0, MAX_ID) readonly domain_id?: string | null;
  /** Projects stand directly under their domain. */
  @IsOptional() @IsText(0, MAX_ID) readonly parent_id?: string | null;
  @IsOptional() @Equals(false) readonly is_domain?: false | null;
  @IsOptional() @IsTags() readonly tags?: readonly string[] | null;
  @IsOptional() @IsObject() readonly options?: object | null;
}

class CreateProjectDto extends ProjectFieldsDto {
  @IsName(MAX_NAME) readonly name!: string;
}

class UpdateProjectDto extends ProjectFieldsDto {
  @IsOptional() @IsName(MAX_NAME) readonly name?: string | null;
}

export class CreateProjectBody {
  @NestedWithAttributes(() => CreateProjectDto) readonly project!: CreateProjectDto;
}

export class UpdateProjectBody {
  @NestedWithAttributes(() => UpdateProjectDto) readonly project!: UpdateProjectDto;
}
