export * from './endpoints';
export { apiRoot, fetchFile, onConnection, setBranch, setCsrfToken } from './http';
export { asProblem, errorsByField, type FieldProblem, Problem, pointerToPath } from './problem';
export type * from './types';
export { uuid7 } from './uuid';
