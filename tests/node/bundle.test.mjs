// Programs that a bundler has packed: what works, and what is said where it cannot.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run, temporaryFolder, tools, top } from './support.mjs';

const skip = tools ? false : 'esbuild could not be installed from npm';
const project = process.cwd();
const program = `import { KlockClient, KlockLeaseLostError } from '@klock-protocol/core';
console.log(new KlockClient().activeLeaseCount(), new KlockLeaseLostError('EXPIRED', '').name);`;

/** Packs the program and runs it beside node_modules, or alone in a folder of its own. */
async function packed(format, options, { isAlone = false, environment = {} } = {}) {
  const source = path.join(temporaryFolder(), 'program.mjs');
  const target = path.join(isAlone ? temporaryFolder() : project, `packed-${process.pid}.${format === 'esm' ? 'mjs' : 'cjs'}`);
  fs.writeFileSync(source, program);
  try {
    const parameters = [source, '--bundle', '--platform=node', `--format=${format}`, `--outfile=${target}`, '--log-level=error'];
    const env = { ...process.env, NODE_PATH: path.join(project, 'node_modules') };
    const built = await run(path.join(tools, 'node_modules/.bin/esbuild'), [...parameters, ...options], { env });
    assert.deepEqual(built, { code: 0, output: '' });
    return await run(process.execPath, [target], { cwd: path.dirname(target), env: { ...process.env, ...environment } });
  } finally {
    fs.rmSync(target, { force: true });
  }
}

test('with what is native beside it, it runs', { skip }, async () => {
  const ways = [['cjs', ['--external:koffi']], ['cjs', ['--external:koffi', '--minify']], ['cjs', ['--external:@klock-protocol/core']],
    ['esm', ['--external:@klock-protocol/core']]];
  for (const [format, options] of ways) {
    assert.deepEqual(await packed(format, options), { code: 0, output: '0 KlockLeaseLostError\n' }, `${format} ${options}`);
  }
});

test('without it, the error says what to leave out', { skip }, async () => {
  const library = { KLOCK_LIBRARY: path.join(top, 'dist/lib/libklock.so') };
  const ways = [
    [await packed('cjs', []), /^KlockLibraryError\d*: koffi, through which .* could not be loaded: .*--external:koffi/m],
    [await packed('cjs', ['--external:koffi'], { isAlone: true }), /LibraryError\d*: The package \S+ is not installed.*--external:koffi/],
    [await packed('cjs', ['--external:koffi'], { isAlone: true, environment: library }),
      /^KlockLibraryError\d*: koffi, .*Cannot find module 'koffi'.*node_modules/m],
  ];
  for (const [{ code, output }, message] of ways) {
    assert.equal(code, 1);
    assert.match(output, message);
  }
});
