export { GenerationalCache } from './generational-cache';
