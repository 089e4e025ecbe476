// The client: signs each try, repeats what may be repeated under one Idempotency-Key, reads lists page by page.

import { utf8 } from './bytes.js';
import { DukouError, NoAnswer } from './errors.js';
import { signedHeaders, type Signer } from './signing.js';
import type { AnswerOf, BodyOf, ItemOf, PathOf, WishesOf } from './typing.js';

const PREFIX = '/partner/v1';
const AGAIN = new Set([429, 500, 502, 503, 504]);
const IN_PROGRESS = 'idempotency.in_progress';
const CLOCK_OFF = 'partner.signature_stale';
const LONGEST_WAIT_MS = 60_000;

export interface Settings {
  version?: string;
  /** All tries of one call together. */
  tries?: number;
  timeoutMs?: number;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<void>;
  now?: () => number;
}

interface Wishes {
  params?: Record<string, string> | undefined;
  query?: Record<string, unknown> | undefined;
  idempotencyKey?: string;
}

/** `new Client('https://bank.example', await ed25519Signer('key_live_…', pem))`. Paths are without `/partner/v1`. */
export class Client {
  readonly #base: string;
  readonly #signer: Signer;
  readonly #settings: Required<Omit<Settings, 'version'>> & { version: string | undefined };
  #clockOffsetMs = 0;

  constructor(baseUrl: string, signer: Signer, settings: Settings = {}) {
    this.#base = baseUrl.replace(/\/+$/, '');
    this.#signer = signer;
    this.#settings = {
      version: settings.version,
      tries: Math.max(1, settings.tries ?? 4),
      timeoutMs: settings.timeoutMs ?? 20_000,
      fetch: settings.fetch ?? ((...asked) => fetch(...asked)),
      sleep: settings.sleep ?? ((ms) => new Promise((done) => setTimeout(done, ms))),
      now: settings.now ?? Date.now,
    };
  }

  /** Read one object or one page. Throws DukouError, NoAnswer. */
  get<P extends PathOf<'get'>>(path: P, ...wishes: Given<WishesOf<P, 'get'>>): Promise<AnswerOf<P, 'get'>> {
    return this.call('GET', path, undefined, wishes[0]) as Promise<AnswerOf<P, 'get'>>;
  }

  /** Make or change something, once, however often it has to be sent. Throws DukouError, NoAnswer. */
  post<P extends PathOf<'post'>>(
    path: P,
    body: BodyOf<P, 'post'>,
    ...wishes: Given<WishesOf<P, 'post'>>
  ): Promise<AnswerOf<P, 'post'>> {
    return this.call('POST', path, body, wishes[0]) as Promise<AnswerOf<P, 'post'>>;
  }

  /** Set something, once, however often it has to be sent. Throws DukouError, NoAnswer. */
  put<P extends PathOf<'put'>>(
    path: P,
    body: BodyOf<P, 'put'>,
    ...wishes: Given<WishesOf<P, 'put'>>
  ): Promise<AnswerOf<P, 'put'>> {
    return this.call('PUT', path, body, wishes[0]) as Promise<AnswerOf<P, 'put'>>;
  }

  /** Every item of a list, asking for page after page as you go. Throws DukouError, NoAnswer. */
  async *pages<P extends PathOf<'get'>>(path: P, ...wishes: Given<WishesOf<P, 'get'>>): AsyncGenerator<ItemOf<P>> {
    const asked: Wishes = wishes[0] ?? {};
    let cursor: string | null = null;
    do {
      const query: Record<string, unknown> = cursor ? { ...asked.query, cursor } : { ...asked.query };
      const page = (await this.call('GET', path, undefined, { ...asked, query })) as Page<ItemOf<P>>;
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /**
   * One call, with as many tries as it takes. A write gets an Idempotency-Key if you give none; give one of your own
   * (an order's number) where your process may die and ask again.
   */
  async call(method: string, path: string, body?: unknown, wishes: Wishes = {}): Promise<unknown> {
    const url = this.#url(path, wishes);
    const raw = utf8(body === undefined ? '' : JSON.stringify(body));
    const key = wishes.idempotencyKey ?? (method === 'GET' ? undefined : crypto.randomUUID());
    for (let tried = 1; ; tried += 1) {
      const last = tried >= this.#settings.tries;
      let answer: Response;
      try {
        answer = await this.#try(method, url, raw, key);
        if (answer.ok) return await content(answer);
      } catch (error) {
        if (last) throw new NoAnswer(`${method} ${path}: no answer`, key, error);
        await this.#settings.sleep(pause(tried, null));
        continue;
      }
      const refused = await this.#refused(answer);
      if (last || !this.#mayRepeat(refused)) throw refused;
      await this.#settings.sleep(pause(tried, answer.headers.get('Retry-After')));
    }
  }

  #url(path: string, { params, query }: Wishes): URL {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = params?.[name];
      if (value === undefined) throw new TypeError(`params.${name} is missing`);
      return encodeURIComponent(value);
    });
    const url = new URL(this.#base + PREFIX + filled);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.append(name, String(value));
    }
    return url;
  }

  async #try(method: string, url: URL, body: Uint8Array<ArrayBuffer>, idempotencyKey?: string): Promise<Response> {
    const created = Math.floor((this.#settings.now() + this.#clockOffsetMs) / 1000);
    const { version, timeoutMs } = this.#settings;
    const headers = await signedHeaders(this.#signer, { method, url, body, created, idempotencyKey, version });
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = body.length ? { method, headers, body, signal } : { method, headers, signal };
    return this.#settings.fetch(url, { ...sent, redirect: 'error' });
  }

  async #refused(answer: Response): Promise<DukouError> {
    const told: unknown = await answer.json().catch(() => null);
    const problem = told && typeof told === 'object' ? (told as Record<string, unknown>) : {};
    return new DukouError(answer.status, { request_id: answer.headers.get('X-Request-Id'), ...problem }, this.#base);
  }

  /** Also when our clock is off: the bank's is adopted, and a clock that is still refused is not tried for ever. */
  #mayRepeat(refused: DukouError): boolean {
    const serverTime = refused.context.server_time;
    if (refused.code === CLOCK_OFF && typeof serverTime === 'number') {
      const offsetMs = serverTime * 1000 - this.#settings.now();
      const learned = Math.abs(offsetMs - this.#clockOffsetMs) > 1000;
      this.#clockOffsetMs = offsetMs;
      return learned;
    }
    return AGAIN.has(refused.status) || refused.code === IN_PROGRESS;
  }
}

/** Wishes may be left out where nothing in them is needed. */
type Given<W> = Record<string, never> extends Pick<W, RequiredOf<W>> ? [wishes?: W] : [wishes: W];
type RequiredOf<W> = { [K in keyof W]-?: undefined extends W[K] ? never : K }[keyof W];

interface Page<I> {
  items: I[];
  next_cursor: string | null;
}

/** What the bank asks for, else half a second, doubled each time. */
const pause = (tried: number, retryAfter: string | null): number =>
  Math.min(retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : 500 * 2 ** (tried - 1), LONGEST_WAIT_MS);

const content = async (answer: Response): Promise<unknown> => {
  const text = await answer.text();
  if (!text) return null;
  return (answer.headers.get('Content-Type') ?? '').includes('json') ? JSON.parse(text) : text;
};
