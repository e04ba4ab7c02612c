// The first load on the login page: the compressed JavaScript of the entry and of all it imports at once.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limitKb = 250;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const files = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (chunk === undefined || files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) visit(imported);
};
visit(entry);
let bytes = 0;
for (const file of files) if (file.endsWith('.js')) bytes += gzipSync(readFileSync(new URL(file, dist))).length;
const kb = bytes / 1024;
console.log(`Login page: ${kb.toFixed(1)} kB compressed JavaScript in ${files.size} files (limit ${limitKb} kB)`);
if (kb > limitKb) process.exit(1);
