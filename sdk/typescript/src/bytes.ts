// Bytes, base64 and PEM with what every JavaScript runtime has.

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

export const toBase64 = (bytes: ArrayBuffer | Uint8Array): string => {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};

/** Null where the text is not base64. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
};

export const join = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
};

/** The DER of a PEM text such as a PKCS #8 private key. */
export const fromPem = (pem: string): Uint8Array<ArrayBuffer> => {
  const bytes = fromBase64(pem.replace(/-----[^-]+-----|\s/g, ''));
  if (!bytes?.length) throw new TypeError('this is not PEM');
  return bytes;
};
