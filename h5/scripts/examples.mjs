// node scripts/examples.mjs FOLDER: the example pages as a browser takes them; React and Vue from node_modules, nothing fetched.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const folder = process.argv[2];
const root = new URL('../', import.meta.url).pathname;
const from = `${root}../examples/widgets/`;
await mkdir(folder, { recursive: true });
for (const name of ['plain.html', 'plain.js', 'reserve.css']) await copyFile(from + name, `${folder}/${name}`);
const page = await readFile(`${from}framework.html`, 'utf8');
for (const [name, file] of [['react', 'react.jsx'], ['vue', 'vue.js']]) {
  await build({ entryPoints: [from + file], bundle: true, format: 'esm', outfile: `${folder}/${name}.js`, jsx: 'automatic', nodePaths: [`${root}node_modules`], define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' } });
  await writeFile(`${folder}/${name}.html`, page.replace('bundle.js', `${name}.js`));
}
