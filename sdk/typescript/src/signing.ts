// Request signatures (RFC 9421) over everything that has an effect, with an Ed25519 key pair or a shared secret.

import { fromPem, toBase64, utf8 } from './bytes.js';

/** A key of yours: its name at the bank, the algorithm's name in RFC 9421, and how it signs. */
export interface Signer {
  readonly keyId: string;
  readonly algorithm: string;
  sign(text: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/** A key pair whose private half never leaves you; `privateKey` is PEM (PKCS #8). */
export const ed25519Signer = async (keyId: string, privateKey: string): Promise<Signer> => {
  const key = await crypto.subtle.importKey('pkcs8', fromPem(privateKey), { name: 'Ed25519' }, false, ['sign']);
  return { keyId, algorithm: 'ed25519', sign: (text) => crypto.subtle.sign('Ed25519', key, text) };
};

/** A secret that the bank made (`sk_…`); its characters are the key. */
export const hmacSigner = async (keyId: string, secret: string): Promise<Signer> => {
  const kind = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8(secret), kind, false, ['sign']);
  return { keyId, algorithm: 'hmac-sha256', sign: (text) => crypto.subtle.sign('HMAC', key, text) };
};

export interface Signed {
  method: string;
  url: URL;
  body: Uint8Array<ArrayBuffer>;
  /** Unix second. */
  created: number;
  idempotencyKey?: string | undefined;
  version?: string | undefined;
}

/** The headers of one request; every call makes another nonce (192 random bits), so that a repeat is signed anew. */
export const signedHeaders = async (signer: Signer, request: Signed): Promise<Record<string, string>> => {
  const headers = await plainHeaders(request);
  const covered: [string, string][] = [
    ['@method', request.method],
    ['@authority', request.url.host],
    ['@path', request.url.pathname],
    ['@query', request.url.search || '?'],
  ];
  for (const name of ['Content-Digest', 'Idempotency-Key', 'Dukou-Version']) {
    const value = headers[name];
    if (value !== undefined) covered.push([name.toLowerCase(), value]);
  }
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const nonce = toBase64(crypto.getRandomValues(new Uint8Array(24)));
  const parameters = `(${names});created=${request.created};nonce="${nonce}";keyid="${signer.keyId}";alg="${signer.algorithm}"`;
  const lines = [...covered.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`];
  const signature = toBase64(await signer.sign(utf8(lines.join('\n'))));
  return { ...headers, 'Signature-Input': `dukou=${parameters}`, Signature: `dukou=:${signature}:` };
};

const plainHeaders = async ({ body, idempotencyKey, version }: Signed): Promise<Record<string, string>> => {
  const headers: Record<string, string> = {};
  if (body.length) {
    headers['Content-Type'] = 'application/json';
    headers['Content-Digest'] = `sha-256=:${toBase64(await crypto.subtle.digest('SHA-256', body))}:`;
  }
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
  if (version !== undefined) headers['Dukou-Version'] = version;
  return headers;
};
