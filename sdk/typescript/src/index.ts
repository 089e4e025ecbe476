// Call the Dukou partner API with signed requests, and verify the webhooks it sends.

export { Client, type Settings } from './client.js';
export { DukouError, NoAnswer, type FieldError } from './errors.js';
export { ed25519Signer, hmacSigner, type Signer } from './signing.js';
export { verify, WebhookRefused, type Delivery, type Proof } from './webhooks.js';
export type { components, paths } from './api.js';
