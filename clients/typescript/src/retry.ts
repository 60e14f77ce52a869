// When the same request is sent again: only where the gateway says that this is safe, or where a key makes it so.
import { Problem } from "./problem.js";

export interface RetryOptions {
  /** Attempts in all; 1 turns repeats off. */
  attempts: number;
  /** The longest wait before an attempt, in milliseconds. */
  longestWait: number;
  /** Waits; replaced in tests. */
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

const sleep: RetryOptions["sleep"] = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });

export const DEFAULT_RETRY: RetryOptions = { attempts: 3, longestWait: 10_000, sleep };

/**
 * Whether to send again. A problem says so itself: `retryable`, and on a write only where nothing was carried out, or where the
 * first request with the key is still running. A connection that broke tells nothing, so a write is repeated under its key, which
 * gives the first answer again.
 */
export function isWorthRepeating(error: unknown, write: boolean): boolean {
  if (!(error instanceof Problem)) return error instanceof TypeError;
  if (error.kind === "idempotency-in-progress") return true;
  if (!error.retryable) return false;
  return !write || error.outcome === undefined || error.outcome === "not-executed";
}

/** How long to wait before attempt `attempt` (counted from 1). */
export function waitBefore(attempt: number, error: unknown, options: RetryOptions): number {
  const asked = error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 200 * 2 ** (attempt - 1);
  return Math.min(asked, options.longestWait);
}
