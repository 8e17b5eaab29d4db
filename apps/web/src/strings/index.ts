export { strings } from './talk';
