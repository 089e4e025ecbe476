// The pages by Vite, the partners' script by esbuild with its second part pinned by content; sizes are printed and kept.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { build as pages } from 'vite';

const root = new URL('../', import.meta.url);
const path = (name) => new URL(name, root).pathname;
const LIMITS = { first: 3000, all: 6000, screen: 40_000 }; // bytes, gzip -9

const gz = (text) => gzipSync(text, { level: 9 });
const br = (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
const hash = (text, algorithm, coding) => createHash(algorithm).update(text).digest(coding);

/** Properties that end in an underscore are ours alone and get short names. */
async function script(entry, define = {}) {
  const made = await bundle({ entryPoints: [path(entry)], bundle: true, format: 'esm', target: 'es2022', minify: true, write: false, define, charset: 'utf8', legalComments: 'none', mangleProps: /_$/ });
  return made.outputFiles[0].text;
}

// Built beside the present files and put in their place in one step: a running server never sees half of it.
const draft = `.dist-${process.pid}`;
await mkdir(path(draft), { recursive: true });
const vite = (build) => pages({ root: path('.'), configFile: path('vite.config.ts'), logLevel: 'warn', build: { outDir: `${draft}/assets`, ...build } });
await vite({});
// by itself: shared pieces would split the first screen of the widgets in two
await vite({ emptyOutDir: false, manifest: 'account.json', rollupOptions: { input: 'account/main.ts' } });

const second = await script('loader/more.ts', { MOCK: 'false' });
const secondName = `more-${hash(second, 'sha256', 'hex').slice(0, 16)}.js`;
const first = await script('loader/embed.ts', { MORE: JSON.stringify(secondName), MOCK: 'false' });
const firstName = `embed-${hash(first, 'sha256', 'hex').slice(0, 16)}.js`;
await writeFile(path(`${draft}/${secondName}`), second);
await writeFile(path(`${draft}/${firstName}`), first);
for (const name of ['embed.d.ts', 'pages.mjs']) await copyFile(path(`testing/${name}`), path(`${draft}/${name}`));
// for partners' tests: the same elements with no server behind them; no limit of size
await writeFile(path(`${draft}/mock.js`), await script('loader/embed.ts', { MORE: '""', MOCK: 'true' }));

const base = '/embed/v1/assets/';
/** What a page includes first, from Vite's own list, which stays here. */
async function included(list, input) {
  const made = JSON.parse(await readFile(path(`${draft}/assets/${list}`), 'utf8'));
  await rm(path(`${draft}/assets/${list}`));
  const entry = made[input];
  const styles = Object.values(made).map((one) => one.file).concat(entry.css ?? []).filter((name) => name.endsWith('.css'));
  return { script: base + entry.file, styles: [...new Set(styles)].map((name) => base + name) };
}
const manifest = {
  loader: firstName,
  integrity: `sha384-${hash(first, 'sha384', 'base64')}`,
  widgets: await included('vite.json', 'widgets/main.ts'),
  account: await included('account.json', 'account/main.ts'),
};
await writeFile(path(`${draft}/manifest.json`), JSON.stringify(manifest, null, 1));

for (const folder of [`${draft}/`, `${draft}/assets/`]) {
  for (const name of (await readdir(path(folder))).filter((one) => /\.(js|css|svg)$/.test(one))) {
    const text = await readFile(path(folder + name));
    await writeFile(path(`${folder}${name}.gz`), gz(text));
    await writeFile(path(`${folder}${name}.br`), br(text));
  }
}

const scriptOf = (page) => readFile(path(`${draft}/assets/${manifest[page].script.slice(base.length)}`));
const [screen, account] = [await scriptOf('widgets'), await scriptOf('account')];
const rows = [
  ['first script', gz(first).length, br(first).length, LIMITS.first],
  ['every element', gz(first).length + gz(second).length, br(first).length + br(second).length, LIMITS.all],
  ['first screen, script', gz(screen).length, br(screen).length, LIMITS.screen],
  ['account page, script', gz(account).length, br(account).length, LIMITS.screen],
];
for (const [what, zipped, brotli, limit] of rows) console.log(`  ${what.padEnd(22)} ${String(zipped).padStart(6)} B gz ${String(brotli).padStart(6)} B br   at most ${limit}`);
if (rows.some(([, zipped, , limit]) => zipped > limit)) {
  await rm(path(draft), { recursive: true, force: true });
  console.error('A script has outgrown its limit.');
  process.exit(1);
}
await rm(path('.dist-old'), { recursive: true, force: true });
await rename(path('dist'), path('.dist-old')).catch(() => undefined);
await rename(path(draft), path('dist'));
await rm(path('.dist-old'), { recursive: true, force: true });
