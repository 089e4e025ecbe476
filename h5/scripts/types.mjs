// Types of the API from the bank's own OpenAPI documents; `--check` says whether the committed ones are still true.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const folder = new URL(process.env.DUKOU_OPENAPI ? `file://${process.env.DUKOU_OPENAPI}/` : '../../openapi/', import.meta.url);
const stale = [];
const targets = {
  customer: '../api/customer.d.ts',
  embed: '../api/embed.d.ts',
  public: '../api/public.d.ts',
  partner: '../../sdk/typescript/src/api.ts', // a partner's server, so its own package
};
for (const [name, path] of Object.entries(targets)) {
  const made = `// Made from openapi/${name}.json by \`npm run types\`.\n${astToString(await openapiTS(new URL(`${name}.json`, folder), { defaultNonNullable: name !== 'partner' }))}`;
  const target = new URL(path, import.meta.url);
  if (!process.argv.includes('--check')) await writeFile(target, made);
  else if ((await readFile(target, 'utf8').catch(() => '')) !== made) stale.push(name);
}
if (stale.length) {
  console.error(`The types are stale (${stale.join(', ')}): run \`npm run types\` in h5.`);
  process.exit(1);
}
