// Refusals as classes (RFC 9457): what happened decides what a caller can do.
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  name?: string;
  system?: string;
  code?: string;
  severity?: "hard" | "soft";
  retryable?: boolean;
  outcome?: "not-executed" | "executed" | "unknown";
  correlationId?: string;
  upstreamText?: string;
  errors?: { pointer?: string; parameter?: string; header?: string; detail: string }[];
}

/** A refusal of the gateway or of what stands behind it. */
export class Problem extends Error {
  override readonly name: string = "Problem";
  /** The kind of problem: the last part of `type`. */
  readonly kind: string;
  readonly status: number;
  /** Seconds after which a repeat makes sense. */
  readonly retryAfter: number | null;

  constructor(readonly document: ProblemDocument, readonly headers: Headers) {
    super(`${document.status} ${document.title}`);
    this.kind = document.name ?? document.type.split("/").at(-1) ?? "";
    this.status = document.status;
    const seconds = Number(headers.get("Retry-After") ?? NaN);
    this.retryAfter = Number.isFinite(seconds) ? seconds : null;
  }

  get code(): string | undefined { return this.document.code; }
  get errors(): NonNullable<ProblemDocument["errors"]> { return this.document.errors ?? []; }
  /** Whether the same request may succeed later with nobody changing anything. */
  get retryable(): boolean { return this.document.retryable === true; }
  get outcome(): ProblemDocument["outcome"] { return this.document.outcome; }
}

/** The request is wrong: 400, 413, 415, 422. */
export class InvalidRequest extends Problem { override readonly name = "InvalidRequest"; }
/** No valid token: 401. */
export class Unauthorized extends Problem { override readonly name = "Unauthorized"; }
/** The caller may not: 403. */
export class Forbidden extends Problem { override readonly name = "Forbidden"; }
/** Somebody or something that does not exist: 404, 410. */
export class NotFound extends Problem { override readonly name = "NotFound"; }
/** The person's state forbids it: 409. */
export class Conflict extends Problem { override readonly name = "Conflict"; }
/** Too fast: 429. */
export class TooManyRequests extends Problem { override readonly name = "TooManyRequests"; }
/** It did not work: 5xx. */
export class Unavailable extends Problem { override readonly name = "Unavailable"; }
/** Nobody knows whether a write was carried out. Never repeat it with another key before that is known. */
export class OutcomeUnknown extends Problem { override readonly name = "OutcomeUnknown"; }

type Kind = new (document: ProblemDocument, headers: Headers) => Problem;
const KINDS: Record<number, Kind> = {
  400: InvalidRequest, 413: InvalidRequest, 415: InvalidRequest, 422: InvalidRequest,
  401: Unauthorized, 403: Forbidden, 404: NotFound, 410: NotFound, 409: Conflict, 429: TooManyRequests,
};

/** The problem that an answer holds; one that is no problem document is put into one. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  let document: ProblemDocument = { type: "about:blank", title: response.statusText, status: response.status };
  try {
    document = { ...document, ...(JSON.parse(text) as ProblemDocument) };
  } catch {
    // An answer of something in between.
  }
  if (document.outcome === "unknown") return new OutcomeUnknown(document, response.headers);
  const kind = KINDS[response.status] ?? (response.status >= 500 ? Unavailable : Problem);
  return new kind(document, response.headers);
}
