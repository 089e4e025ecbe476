/** The one way to the bank: JSON over wx.request; every failure arrives as an ApiProblem. */
import { API_ORIGIN } from '../deployment'
import { session } from '../stores/session'
import type { SignedIn } from './types'

const TIMEOUT_MS = 15_000
const TRIES = 2
const SIGN_IN = '/customer/v1/sign-in/mini-program'
const ENDED = ['elsewhere', 'phone_changed', 'signed_out']

type Method = 'GET' | 'POST' | 'DELETE'
type Problem = { code?: string; request_id?: string; context?: Record<string, unknown> }

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

let aheadMs = 0
/** The bank's clock, by its newest answer: what the bank times is not counted by this phone's clock. */
export const bankNow = (): number => Date.now() + aheadMs
/** What a request outside wx.request, such as a download, has to carry. */
export const authorization = (): Record<string, string> => (session.token() ? { Authorization: `Bearer ${session.token()}` } : {})

const underway = new Map<string, Promise<unknown>>()
const keys = new Map<string, string>() // of writes that nobody answered: the same write later is the same intention

/** Callers that read the same thing at the same moment share one request. */
export function read<Answer>(path: string): Promise<Answer> {
  const shared = underway.get(path) ?? attempt<Answer>('GET', path).finally(() => underway.delete(path))
  underway.set(path, shared)
  return shared as Promise<Answer>
}

/** A write keeps its key until it is answered: the bank does it once. */
export function write<Answer>(path: string, body: object = {}, key?: string): Promise<Answer> {
  const intention = path + JSON.stringify(body)
  if (!keys.has(intention)) keys.set(intention, newKey())
  return attempt<Answer>('POST', path, body, key ?? keys.get(intention)).then(
    (answer) => (keys.delete(intention), answer),
    (problem: ApiProblem) => { if (problem.kind === 'refused') keys.delete(intention); throw problem },
  )
}

export const remove = (path: string): Promise<unknown> => attempt('DELETE', path, undefined, newKey())

async function attempt<Answer>(method: Method, path: string, body?: object, key?: string): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    const token = session.token()
    try {
      return await once<Answer>(method, path, body, key)
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem
      const ended = problem.status === 401 && problem.code.startsWith('auth.') && token !== ''
      // what the person has ended elsewhere does not begin anew by itself; the bank would refuse it, too
      if (ended && (ENDED.includes(String(problem.context.why)) || !(tried < TRIES && (await renewed(token))))) session.end()
      if (tried >= TRIES || (ended ? !session.token() : problem.kind === 'refused')) throw problem
    }
  }
}

let renewing: Promise<boolean> | undefined
/** A session that has ended begins anew without a word: WeChat knows who holds the phone. False: the person signs in. */
function renewed(old: string): Promise<boolean> {
  if (session.token() !== old) return Promise.resolve(session.token() !== '')
  const signIn = async () => session.begin(await once<SignedIn>('POST', SIGN_IN, { login_code: (await wx.login()).code }))
  renewing ??= signIn().then(session.signedIn, () => false).finally(() => { renewing = undefined })
  return renewing
}

function once<Answer>(method: Method, path: string, body?: object, key?: string): Promise<Answer> {
  const header: Record<string, string> = { Accept: 'application/json', ...authorization(), ...(key ? { 'Idempotency-Key': key } : {}) }
  return new Promise((resolve, reject) => {
    wx.request({
      url: API_ORIGIN + path, method, header, data: body, timeout: TIMEOUT_MS,
      success: ({ statusCode: status, data, header: answered }) => {
        const { date = '', 'x-request-id': requestId = '' } = Object.fromEntries(Object.entries(answered as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]))
        aheadMs = Date.parse(date) - Date.now() || aheadMs
        if (status < 400) return resolve(data as unknown as Answer)
        const { code = `http.${status}`, request_id = requestId, context } = (data ?? {}) as Problem
        return reject(new ApiProblem(status >= 500 ? 'down' : 'refused', status, code, request_id, context))
      },
      fail: () => reject(new ApiProblem('offline', 0, 'offline', '')),
    })
  })
}
