// What can go wrong with a call: the bank refused, or no answer came.

export interface FieldError {
  location: string;
  field: string;
  message: string;
}

/** No answer came, after all tries. A write may have been done: repeat it with `idempotencyKey`. */
export class NoAnswer extends Error {
  constructor(reason: string, readonly idempotencyKey: string | undefined, cause: unknown) {
    super(reason, { cause });
    this.name = 'NoAnswer';
  }
}

/** The bank refused (RFC 9457). Branch on `code` only; `docUrl` explains it; quote `requestId` when you ask. */
export class DukouError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly context: Record<string, unknown>;
  readonly requestId: string;
  readonly docUrl: string;

  constructor(readonly status: number, problem: Record<string, unknown>, baseUrl: string) {
    const code = String(problem.code ?? `http.${status}`);
    const detail = String(problem.detail ?? problem.title ?? '');
    const docUrl = new URL(String(problem.type ?? `/docs/errors/${code}`), baseUrl).href;
    super(`${status} ${code}: ${detail} (${docUrl}, request ${String(problem.request_id ?? '')})`);
    this.name = 'DukouError';
    this.code = code;
    this.detail = detail;
    this.errors = (problem.errors as FieldError[] | undefined) ?? [];
    this.context = (problem.context as Record<string, unknown> | undefined) ?? {};
    this.requestId = String(problem.request_id ?? '');
    this.docUrl = docUrl;
  }
}
