// The client: one method for every operation of the document, pages and streams of changes.
import { jsonLines } from "./lines.js";
import { Problem, problemOf, type ProblemDocument } from "./problem.js";
import { DEFAULT_RETRY, isWorthRepeating, waitBefore, type RetryOptions } from "./retry.js";
import { ROUTES } from "./routes.js";
import type { Answer, CallOptions, Input, OperationId, Output } from "./types.js";

export interface ClientOptions {
  /** Where the gateway answers, with its base path. */
  baseUrl: string;
  /** A token, or what gets one for each attempt. */
  token: string | (() => string | Promise<string>);
  /** Headers of every call, such as `X-Authority`. */
  headers?: Record<string, string>;
  retry?: Partial<RetryOptions>;
  fetch?: typeof fetch;
}

type Changes = Output<"listYouthContactChanges">;
export type Change = Changes extends { items: (infer I)[] } ? I : never;

/** A stream that ended before its end, with where to go on. */
export class StreamBroken extends Error {
  override readonly name = "StreamBroken";
  constructor(readonly nextCursor: string | undefined, readonly problem?: ProblemDocument) {
    super(problem ? problem.title : "the stream ended before its end");
  }
}

interface AnyInput extends CallOptions {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export class Client {
  readonly #options: ClientOptions;
  readonly #retry: RetryOptions;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  /**
   * Carries out an operation. A write gets a key of its own, kept over its repeats.
   *
   * @throws Problem where the gateway refuses, and what `fetch` throws where it is not reached.
   */
  async call<I extends OperationId>(id: I, input: Input<I>): Promise<Answer<I>> {
    const response = await this.#send(id, input as AnyInput, "application/json");
    const text = await response.text();
    return {
      status: response.status,
      data: (text === "" ? undefined : JSON.parse(text)) as Output<I>,
      headers: response.headers,
      replayed: response.headers.get("Idempotency-Replayed") === "true",
      requestId: response.headers.get("X-Request-Id"),
    };
  }

  /** The pages of changed contacts, one after the other; each page's `nextCursor` is where a later call goes on. */
  async *changePages(from: { since: string } | { cursor: string }, options: CallOptions = {}): AsyncGenerator<Changes> {
    let query: Record<string, string> = { ...from };
    for (;;) {
      const { data } = await this.call("listYouthContactChanges", { ...options, query } as Input<"listYouthContactChanges">);
      yield data;
      const page = data as { hasMore?: boolean; nextCursor?: string };
      if (!page.hasMore || !page.nextCursor) return;
      query = { cursor: page.nextCursor };
    }
  }

  /** All changes as they arrive; returns the cursor from which a later call goes on. A stream that breaks is {@link StreamBroken}. */
  async *changes(from: { since: string } | { cursor: string }, options: CallOptions = {}): AsyncGenerator<Change, string | undefined> {
    const response = await this.#send("listYouthContactChanges", { ...options, query: { ...from } }, "application/x-ndjson");
    let cursor = "cursor" in from ? from.cursor : undefined;
    if (!response.body) throw new StreamBroken(cursor);
    for await (const line of jsonLines(response.body)) {
      const last = line as { end?: boolean; nextCursor?: string; problem?: ProblemDocument; cpr?: string };
      if (last.end) return last.nextCursor;
      if (last.problem && last.cpr === undefined) throw new StreamBroken(last.nextCursor ?? cursor, last.problem);
      yield line as Change;
    }
    throw new StreamBroken(cursor);
  }

  async #send(id: OperationId, input: AnyInput, accept: string): Promise<Response> {
    const route = ROUTES[id];
    if (!route) throw new TypeError(`no operation ${id}`);
    const write = route.key;
    const key = write ? (input.idempotencyKey ?? crypto.randomUUID()) : undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(route, input, accept, key);
      } catch (error) {
        input.signal?.throwIfAborted();
        if (attempt >= this.#retry.attempts || !isWorthRepeating(error, write)) throw error;
        await this.#retry.sleep(waitBefore(attempt, error, this.#retry), input.signal);
      }
    }
  }

  async #once(route: { method: string; path: string }, input: AnyInput, accept: string, key: string | undefined): Promise<Response> {
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input.path?.[name] ?? "-")));
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(input.query ?? {})) if (value !== undefined) query.set(name, String(value));
    const headers = new Headers({ Accept: accept, ...this.#options.headers, ...input.headers });
    const { token } = this.#options;
    headers.set("Authorization", `Bearer ${typeof token === "string" ? token : await token()}`);
    if (key !== undefined) headers.set("Idempotency-Key", key);
    if (input.body !== undefined) headers.set("Content-Type", "application/json");
    const response = await this.#fetch(`${this.#options.baseUrl.replace(/\/$/, "")}${path}${query.size > 0 ? `?${query}` : ""}`, {
      method: route.method,
      headers,
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal ? { signal: input.signal } : {}),
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

export { Problem };
