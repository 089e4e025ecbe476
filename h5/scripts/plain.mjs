// node scripts/plain.mjs FOLDER: the yardstick of bench/front_end.py, made as heavy as the widget's own first script.
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';

const folder = process.argv[2];
const root = new URL('../../bench/plain_vue/', import.meta.url).pathname;
const br = (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [vue({ features: { optionsAPI: false } })],
  resolve: { alias: { vue: new URL('../node_modules/vue/dist/vue.runtime.esm-bundler.js', import.meta.url).pathname } },
  build: { outDir: folder, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false }, cssCodeSplit: false },
});

// Bytes that no packer makes smaller, as a comment: they cost the network the same and the engine almost nothing.
const ours = JSON.parse(await readFile(new URL('../dist/manifest.json', import.meta.url), 'utf8')).widgets.script;
const wanted = br(await readFile(new URL(`../dist/assets/${ours.split('/').pop()}`, import.meta.url))).length;
const name = (await readdir(`${folder}/assets`)).find((one) => one.endsWith('.js'));
const plain = await readFile(`${folder}/assets/${name}`, 'utf8');
const missing = Math.max(0, wanted - br(plain).length);
await writeFile(`${folder}/assets/${name}`, `${plain}\n/*${randomBytes(missing).toString('base64')}*/`);
for (const path of ['index.html', ...(await readdir(`${folder}/assets`)).map((one) => `assets/${one}`)]) {
  await writeFile(`${folder}/${path}.br`, br(await readFile(`${folder}/${path}`)));
}
