/** What a service's author needs. */
export { NoReadModel, NoToken, Policy, PolicyOfTarget, Removed, VersionDocument } from './access';
export { isObject } from './bind';
export { Bounded, TakesStream } from './body-limits';
export { collect } from './collect';
export { type Dialect, glanceDialect, keystoneDialect, novaDialect, plainDialect } from './dialects';
export { createHttpService, startHttpService } from './http-service';
export type { Origin } from './forwarded';
export { Nested, NestedList, OptionalNested } from './nested';
export { attributesOf, NestedWithAttributes } from './own-attributes';
export { HttpProblem, unavailable } from './problem';
export { publicUrl } from './public-url';
export { FromCaller, Scoped } from './request-scope';
export { isLine, isOfLength, isStorable, lengthOf } from './text';
export {
  faultRule,
  IsDescription,
  IsMetadata,
  IsMetadataOrNulls,
  IsName,
  IsText,
  mapFault,
  mapRule,
  MayBeAbsent,
  MayBeNull,
  rule,
  shown,
} from './text-rules';
export { validBody, ValidationPipe } from './validation.pipe';
export type { RunningService, ServiceDefinition, UpgradeHandler, UpgradeScope } from './service';
