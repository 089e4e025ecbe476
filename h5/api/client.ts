// The one way to the bank's API: tokens in memory, one idempotency key per intention, problem+json as errors.
import type { paths as CustomerPaths } from './customer';
import type { paths as EmbedPaths } from './embed';
import { clock, proof } from './proof';
import type { paths as PublicPaths } from './public';

type Paths = CustomerPaths & EmbedPaths & PublicPaths;
type Method = 'get' | 'post' | 'delete';
type With<M extends Method> = { [P in keyof Paths]: Paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof Paths];
type Answer<O> = O extends { responses: infer R } ? { [S in keyof R]: R[S] extends { content: { 'application/json': infer T } } ? S extends 200 | 201 | 202 ? T : never : never }[keyof R] : never;
type Body<O> = O extends { requestBody: { content: { 'application/json': infer T } } } ? T : undefined;
export type Result<M extends Method, P extends With<M>> = Answer<Paths[P][M & keyof Paths[P]]>;
export type Asked<M extends Method, P extends With<M>> = { path?: Record<string, string>; query?: Record<string, string>; body?: Body<Paths[P][M & keyof Paths[P]]> };

/** What went wrong: `code` is stable, `requestId` is what a person reads out to the bank. `network`: nobody answered. */
export class Refusal extends Error {
  constructor(readonly code: string, readonly status = 0, readonly requestId = '', readonly context: Record<string, unknown> = {}, readonly retryAfterS = 0) {
    super(code);
  }
  get temporary() { return this.status === 0 || this.status >= 500 || this.status === 429 || this.code === 'idempotency.in_progress'; }
}

export const tokens = { customer: '', frame: '' };
/** How far the server's clock is ahead of this one, in milliseconds. */
export let clockSkewMs = 0;

const TIMEOUT_MS = 20_000;
const RETRY_MS = [600, 1800];
const keys = new Map<string, string>();
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

function headers(url: string, write: boolean, body: string | undefined, etag?: string): [Record<string, string>, string] {
  const token = url.startsWith('/embed/') ? tokens.frame : tokens.customer;
  const intention = `${url}\n${body ?? ''}`;
  if (write && !keys.has(intention)) keys.set(intention, crypto.randomUUID());
  return [{
    ...(token && { Authorization: `${token === tokens.frame ? 'DPoP' : 'Bearer'} ${token}` }),
    ...(url === '/embed/v1/applications' && { 'X-Customer-Session': tokens.customer }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(write && { 'Idempotency-Key': keys.get(intention)! }),
    ...(etag && { 'If-None-Match': etag }),
  }, intention];
}

/** One request. A write that nobody answered is repeated with its key, and so is the same write later by the person. */
async function send(method: Method, url: string, body?: string, etag?: string): Promise<Response> {
  const [sent, intention] = headers(url, method !== 'get', body, etag);
  for (let attempt = 0; ; attempt++) {
    const proven = url.startsWith('/embed/') ? { ...sent, DPoP: await proof(method, url, tokens.frame) } : sent;
    const answer = await fetch(url, { method: method.toUpperCase(), headers: proven, body, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
    const wait = RETRY_MS[attempt];
    if (!answer) {
      if (wait === undefined || !navigator.onLine) throw new Refusal('network');
      await pause(wait);
      continue;
    }
    const date = Date.parse(answer.headers.get('Date') ?? '');
    if (date) clockSkewMs = date - Date.now();
    if (answer.ok || answer.status === 304) { keys.delete(intention); return answer; }
    const problem = await answer.json().catch(() => ({})) as { code?: string; request_id?: string; context?: Record<string, unknown> };
    const refusal = new Refusal(problem.code ?? 'internal', answer.status, problem.request_id ?? answer.headers.get('X-Request-Id') ?? '', problem.context, Number(answer.headers.get('Retry-After')) || 0);
    if (refusal.code === 'idempotency.in_progress' && wait !== undefined) { await pause(wait); continue; }
    if (refusal.code === 'embed.proof_stale' && !attempt) { clock.aheadS = Number(refusal.context.server_time) - Date.now() / 1000; continue; }
    if (!refusal.temporary) keys.delete(intention);
    throw refusal;
  }
}

function address(template: string, asked?: { path?: Record<string, string>; query?: Record<string, string> }): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(asked?.path?.[name] ?? ''));
  return asked?.query ? `${filled}?${new URLSearchParams(asked.query)}` : filled;
}

async function ask<M extends Method, P extends With<M>>(method: M, path: P, asked?: Asked<M, P>): Promise<Result<M, P>> {
  const body = asked?.body === undefined ? undefined : JSON.stringify(asked.body);
  return (await send(method, address(path as string, asked), body)).json() as Promise<Result<M, P>>;
}
export const get = <P extends With<'get'>>(path: P, asked?: Asked<'get', P>) => ask('get', path, asked);
export const post = <P extends With<'post'>>(path: P, asked?: Asked<'post', P>) => ask('post', path, asked);
export const remove = <P extends With<'delete'>>(path: P, asked?: Asked<'delete', P>) => ask('delete', path, asked);
/** The bytes of a document. */
export const bytes = async (path: string) => (await send('get', path)).arrayBuffer();

/** Ask every `everyMs` by ETag until `seen` answers true; `slow` hears of every failed question. */
export async function poll<P extends With<'get'>>(path: P, asked: Asked<'get', P>, seen: (now: Result<'get', P>) => boolean, signal: AbortSignal, slow: (refusal: Refusal | null) => void, everyMs = 2000): Promise<void> {
  for (let etag = ''; !signal.aborted; await pause(everyMs)) {
    try {
      const answer = await send('get', address(path as string, asked), undefined, etag);
      slow(null);
      if (answer.status === 304) continue;
      etag = answer.headers.get('ETag') ?? '';
      if (signal.aborted || seen(await answer.json() as Result<'get', P>)) return;
    } catch (error) {
      if (!(error instanceof Refusal) || !error.temporary) throw error;
      slow(error);
    }
  }
}
