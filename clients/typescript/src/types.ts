// What an operation takes and gives, derived from the generated types of the document.
import type { operations } from "./schema.js";

/** The operations of the document by `operationId`. */
export type Operations = operations;
export type OperationId = keyof operations & string;

type Parameters<O> = O extends { parameters: infer P } ? P : never;
type PathOf<O> = Parameters<O> extends { path: infer P } ? { path: P } : { path?: undefined };
type QueryOf<O> = Parameters<O> extends { query?: infer Q } ? { query?: Q } : { query?: undefined };
type BodyOf<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : O extends { requestBody?: { content: { "application/json": infer B } } } ? { body?: B } : { body?: undefined };

/** What a call can be told besides what its operation takes. */
export interface CallOptions {
  /** Further headers, such as `X-Authority` or `X-Purpose`. */
  headers?: Record<string, string>;
  /** The key under which a write is carried out once; made afresh where it is left out. */
  idempotencyKey?: string;
  /** Ends the call. */
  signal?: AbortSignal;
}

export type Input<I extends OperationId> = PathOf<Operations[I]> & QueryOf<Operations[I]> & BodyOf<Operations[I]> & CallOptions;

type Content<R> = R extends { content: { "application/json": infer C } } ? C : undefined;
type Success<R> = { [S in keyof R]: S extends 200 | 201 | 204 ? Content<R[S]> : never }[keyof R];

/** The content of a successful answer. */
export type Output<I extends OperationId> = Operations[I] extends { responses: infer R } ? Success<R> : never;

/** A successful answer with what its headers say. */
export interface Answer<I extends OperationId> {
  status: number;
  data: Output<I>;
  headers: Headers;
  /** Whether an earlier request with the same key was answered. */
  replayed: boolean;
  requestId: string | null;
}
