export * from "./client.js";
export * from "./problem.js";
export { DEFAULT_RETRY, isWorthRepeating, type RetryOptions } from "./retry.js";
export type { Answer, CallOptions, Input, OperationId, Output } from "./types.js";
export type { components, operations, paths } from "./schema.js";
