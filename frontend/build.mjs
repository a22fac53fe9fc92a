// Bundles scripts and style sheets into hashed files, copies fonts and the logo, writes manifest.json and .gz/.br copies.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "../src/toancanh/ui/static");
const out = join(folder, "built");
const fresh = join(folder, ".building");
const names = { "app.ts": "app.js", "wall.ts": "wall.js", "app.css": "app.css", "wall.css": "wall.css" };

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const result = await build({
  entryPoints: [join(here, "src/app.ts"), join(here, "src/wall.ts"), join(folder, "css/app.css"), join(folder, "css/wall.css"), join(folder, "logo.svg")],
  outdir: fresh, bundle: true, minify: true, splitting: true, format: "esm", target: ["es2022", "chrome109", "firefox115", "safari16"],
  entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]", nodePaths: [join(here, "node_modules")],
  loader: { ".woff2": "file", ".svg": "copy" }, metafile: true, legalComments: "none", logLevel: "warning", absWorkingDir: here,
});

const manifest = {};
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  const name = basename(file);
  const entry = output.entryPoint && basename(output.entryPoint);
  if (entry) manifest[names[entry] ?? entry] = `built/${name}`;
  const font = name.match(/^(inter-[a-z]+)-wght-normal-.+\.woff2$/);
  if (font) manifest[`${font[1]}.woff2`] = `built/${name}`;
}
for (const name of await readdir(fresh)) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const bytes = await readFile(join(fresh, name));
  await writeFile(join(fresh, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  await writeFile(join(fresh, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
// The service worker is one file with a fixed name: its address is its scope.
await build({
  entryPoints: [join(here, "src/sw.ts")], outfile: join(fresh, "sw.js"), bundle: true, minify: true, format: "iife",
  target: ["es2022", "chrome109", "firefox115", "safari16"], legalComments: "none", logLevel: "warning", absWorkingDir: here,
});
await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
console.log(`${Object.keys(manifest).length} files in ${relative(process.cwd(), out)}`);
