// Receive webhooks with node:http; with Express it is the same after `express.raw({ type: 'application/json' })`.
// DUKOU_WEBHOOK_SECRET=whsec_… PORT=3000 node receiver.mjs
import { createServer } from 'node:http';
import { verify, WebhookRefused } from '../dist/index.js';

const taken = new Set(); // yours: a table with a unique key

const raw = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
};

const receive = async (request) => {
  try {
    const delivery = await verify(await raw(request), request.headers, { secret: process.env.DUKOU_WEBHOOK_SECRET });
    if (!taken.has(delivery.id)) {
      taken.add(delivery.id);
      console.log(`took ${delivery.type} ${delivery.data.status}`);
    }
    return 204;
  } catch (error) {
    if (!(error instanceof WebhookRefused)) throw error;
    console.error(`refused: ${error.reason}`);
    return 401;
  }
};

const server = createServer((request, response) => {
  receive(request)
    .catch(() => 500)
    .then((status) => response.writeHead(status).end());
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
