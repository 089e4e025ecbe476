/** The one way to the bank: JSON over wx.request; every failure arrives as an ApiProblem. */
import { API_ORIGIN } from '../deployment'
import { session } from '../stores/session'

const TIMEOUT_MS = 15_000
const TRIES = 2

interface ProblemBody {
  code?: string
  request_id?: string
  context?: Record<string, unknown>
}

/** `offline`: no answer came, so a write may or may not have happened. `refused`: the bank said no. `down`: 5xx. */
export class ApiProblem extends Error {
  constructor(
    readonly kind: 'offline' | 'refused' | 'down',
    readonly status: number,
    readonly code: string,
    readonly requestId: string,
    readonly context: Record<string, unknown> = {},
  ) {
    super(code)
  }
}

/** Tells retries of one intent from a second intent; uniqueness is all it needs, not secrecy. */
export const newKey = (): string =>
  `${Date.now().toString(36)}-${Array.from({ length: 3 }, () => Math.random().toString(36).slice(2, 10)).join('')}`

const underway = new Map<string, Promise<unknown>>()

/** Callers that read the same thing at the same moment share one request. */
export function read<Answer>(path: string): Promise<Answer> {
  const shared = underway.get(path) ?? attempt<Answer>('GET', path).finally(() => underway.delete(path))
  underway.set(path, shared)
  return shared as Promise<Answer>
}

/** A write keeps its key over retries: the bank does it once. */
export const write = <Answer>(path: string, body: object = {}, key = newKey()): Promise<Answer> =>
  attempt<Answer>('POST', path, body, key)

export const remove = (path: string): Promise<unknown> => attempt('DELETE', path, undefined, newKey())

async function attempt<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, key?: string): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    try {
      return await once<Answer>(method, path, body, key)
    } catch (problem) {
      const retryable = problem instanceof ApiProblem && problem.kind !== 'refused'
      if (!retryable || tried >= TRIES) throw problem
    }
  }
}

function once<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, key?: string): Promise<Answer> {
  const token = session.token()
  const header: Record<string, string> = { Accept: 'application/json' }
  if (token) header.Authorization = `Bearer ${token}`
  if (key) header['Idempotency-Key'] = key
  return new Promise((resolve, reject) => {
    wx.request({
      url: API_ORIGIN + path,
      method,
      header,
      data: body,
      timeout: TIMEOUT_MS,
      success: ({ statusCode, data, header: answered }) => {
        if (statusCode < 400) return resolve(data as unknown as Answer)
        if (statusCode === 401 && token) session.end()
        return reject(problemOf(statusCode, data as ProblemBody, answered as Record<string, string>))
      },
      fail: () => reject(new ApiProblem('offline', 0, 'offline', '')),
    })
  })
}

function problemOf(status: number, body: ProblemBody, header: Record<string, string>): ApiProblem {
  const code = body?.code ?? `http.${status}`
  const requestId = body?.request_id ?? header['x-request-id'] ?? header['X-Request-Id'] ?? ''
  return new ApiProblem(status >= 500 ? 'down' : 'refused', status, code, requestId, body?.context)
}
