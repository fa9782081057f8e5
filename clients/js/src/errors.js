/** A call that the service refused, or that did not reach it. */
export class ServiceError extends Error {
  constructor(code, detail, { status = null, retryAfterMs = null } = {}) {
    super(detail ?? code);
    this.name = "ServiceError";
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An exception in someone's handler is theirs to see, and must not stop the client. */
export function report(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
