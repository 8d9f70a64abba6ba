/** Texts of JSON values of any depth: a log holds what others wrote, and no event may be too deep to be read. */
export { canonicalJson } from './canonical-json';
export { jsonText } from './json-text';
