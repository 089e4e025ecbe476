// DPoP (RFC 9449): every request of a frame is signed by a key that cannot leave this browser, so a stolen token is worth nothing.
const { subtle } = crypto;
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
let pair: Promise<CryptoKeyPair> | undefined;
/** How far the bank's clock is ahead, once it has said that ours is wrong. */
export const clock = { aheadS: 0 };

const bytes = (text: string) => new TextEncoder().encode(text);
const base64url = (text: string) => btoa(text).replace(/[+/=]/g, (char) => ({ '+': '-', '/': '_' })[char] ?? '');
const part = (value: unknown) => base64url(JSON.stringify(value)); // ASCII only
const raw = (buffer: ArrayBuffer) => base64url(String.fromCharCode(...new Uint8Array(buffer)));
const make = () => subtle.generateKey(ES256, false, ['sign', 'verify']);

/** A proof for one request, good once; `token`: which it goes with. */
export async function proof(method: string, url: string, token: string): Promise<string> {
  const { privateKey, publicKey } = await (pair ??= self === top ? import('./kept').then(({ kept }) => kept(make)) : make());
  const signed = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: await subtle.exportKey('jwk', publicKey) })}.${part({
    jti: crypto.randomUUID(), htm: method.toUpperCase(), htu: location.origin + url.split('?')[0],
    iat: Math.round(Date.now() / 1000 + clock.aheadS), ath: raw(await subtle.digest(ES256.hash, bytes(token))),
  })}`;
  return `${signed}.${raw(await subtle.sign(ES256, privateKey, bytes(signed)))}`;
}
