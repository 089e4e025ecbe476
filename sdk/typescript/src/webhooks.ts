// Webhooks (Standard Webhooks): verify the raw bytes before anything else is done with them.

import { fromBase64, join, utf8 } from './bytes.js';

const TOLERANCE_S = 300;

/** The delivery is not proven to come from the bank: answer 401 and do nothing. `reason` is for your log. */
export class WebhookRefused extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'WebhookRefused';
  }
}

/** A proven delivery. Take each `id` once; of one object, ignore a lower `data.sequence` than you have seen. */
export interface Delivery {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown> & { object: string; id: string; status: string; sequence: number };
}

/** Your secret (`whsec_…`, v1) or the bank's public key (`whpk_…`, v1a). */
export type Proof = { secret: string } | { publicKey: string };
type Headers = { get(name: string): string | null } | Record<string, string | string[] | undefined>;

/**
 * Check a delivery, then read it. `body`: the bytes as they arrived, never parsed and written again. One good signature
 * of the list is enough, since a rotated secret signs beside the new one for 24 hours. Throws WebhookRefused.
 */
export const verify = async (
  body: Uint8Array,
  headers: Headers,
  proof: Proof,
  nowS = Date.now() / 1000,
): Promise<Delivery> => {
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => one(headers, name));
  if (!id || !timestamp || !given) throw new WebhookRefused('missing_headers');
  if (!/^\d{1,14}$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) {
    throw new WebhookRefused('stale_timestamp');
  }
  if (!(await isProven(proof, join(utf8(`${id}.${timestamp}.`), body), given))) throw new WebhookRefused('bad_signature');
  try {
    const { type, timestamp: at, data } = JSON.parse(new TextDecoder().decode(body)) as Omit<Delivery, 'id'>;
    if (typeof type === 'string' && data && typeof data === 'object') return { id, type, timestamp: at, data };
  } catch {
    // said below
  }
  throw new WebhookRefused('unreadable_body');
};

const one = (headers: Headers, name: string): string => {
  const found = typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name];
  return typeof found === 'string' ? found : '';
};

const isProven = async (proof: Proof, signed: Uint8Array<ArrayBuffer>, given: string): Promise<boolean> => {
  const bySecret = 'secret' in proof;
  const text = bySecret ? proof.secret.replace(/^whsec_/, '') : proof.publicKey.replace(/^whpk_/, '');
  const raw = fromBase64(text);
  if (!raw?.length) throw new TypeError('the secret or key is not whsec_… or whpk_…');
  const algorithm = bySecret ? { name: 'HMAC', hash: 'SHA-256' } : { name: 'Ed25519' };
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify']);
  for (const signature of signatures(given, bySecret ? 'v1' : 'v1a')) {
    if (await crypto.subtle.verify(algorithm.name, key, signature, signed)) return true; // compares in constant time
  }
  return false;
};

const signatures = (given: string, wanted: string): Uint8Array<ArrayBuffer>[] =>
  given
    .split(' ')
    .map((item) => item.split(',', 2))
    .filter(([version]) => version === wanted)
    .map(([, text]) => fromBase64(text ?? ''))
    .filter((bytes) => bytes !== null);
