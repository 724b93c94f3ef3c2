// The type declarations: a program that uses them well, one that does not, and that they declare what is there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as core from '@klock-protocol/core';
import { WITHIN_MS, run, tools } from './support.mjs';

const skip = tools ? false : 'TypeScript could not be installed from npm';
const here = path.dirname(new URL(import.meta.url).pathname);

const files = ['types_sample.mts', 'types_sample.cts', 'types_mistakes.mts'];

// One run of the compiler: it takes seconds.
function check() {
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable,dom', '--module', 'node16',
    '--moduleResolution', 'node16', '--types', 'node', '--typeRoots', path.join(tools, 'node_modules/@types'), '--pretty', 'false'];
  const compiler = path.join(tools, 'node_modules/typescript/lib/tsc.js');
  return run(process.execPath, [compiler, ...options, ...files.map((file) => path.join(here, file))], { timeout: 5 * WITHIN_MS });
}

test('typed programs are right, and every mistake is found', { skip }, async () => {
  const lines = fs.readFileSync(path.join(here, 'types_mistakes.mts'), 'utf8').split('\n');
  const expected = lines.flatMap((line, index) => (line.includes('// mistake') ? [`types_mistakes.mts:${index + 1}`] : []));
  const { output } = await check();
  const found = new Set([...output.matchAll(/([\w.]+ts)\((\d+),\d+\): error/g)].map(([, file, line]) => `${file}:${line}`));
  assert.ok(expected.length > 0);
  assert.deepEqual([...found].sort(), expected.sort(), output);
});

test('everything that is declared is there, and the other way round', () => {
  const text = fs.readFileSync(path.join(process.cwd(), 'node_modules/@klock-protocol/core/lib/index.d.ts'), 'utf8');
  const declared = [...text.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual([...new Set(declared)].sort(), Object.keys(core).filter((name) => name !== 'default').sort());
  for (const name of ['KlockClient', 'KlockHttpClient', 'Klock', 'LeaseGuard']) {
    const body = text.slice(text.search(new RegExp(`class ${name}\\b`))).split('\n}\n')[0];
    const methods = new Set([...body.matchAll(/^  (?:readonly )?(\w+)[<(:]/gm)].map(([, method]) => method));
    const made = Object.getOwnPropertyNames(core[name].prototype).filter((method) => method !== 'constructor');
    assert.deepEqual(made.filter((method) => !methods.has(method)), [], name);
  }
});
