// Makes dist/: one classic script, DuckDB's worker, and DuckDB itself, compressed (34 MB are 8 MB).
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const duckdb = "node_modules/@duckdb/duckdb-wasm/dist";
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");

const { metafile } = await build({
  entryPoints: ["engine.js"],
  outfile: "dist/engine.js",
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "kjpollEngine",
  target: "es2020",
  legalComments: "none",
  metafile: true,
});
copyFileSync(join(duckdb, "duckdb-browser-eh.worker.js"), "dist/worker.js");
writeFileSync("dist/duckdb.wasm.gz", gzipSync(readFileSync(join(duckdb, "duckdb-eh.wasm")), { level: 9 }));

// The licence of every package of which something is in the bundle, and of DuckDB's own.
const packages = new Set([duckdb]);
for (const input of Object.keys(metafile.inputs)) {
  if (input.startsWith("node_modules/")) packages.add(dirname(input));
}
writeFileSync("dist/licences.txt", licences([...packages].map(packageFolder)));

function packageFolder(folder) {
  while (
    !existsSync(join(folder, "package.json")) ||
    !JSON.parse(readFileSync(join(folder, "package.json"))).version
  ) {
    folder = dirname(folder);
  }
  return folder;
}

function licences(folders) {
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8") : ""}`;
    })
    .join(`\n${"-".repeat(78)}\n`);
}
