// The programs that the original's documentation shows, written anew, run unchanged on our packages. They are in tests/dropin/js.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folderWithKlock, freeAddress } from './server.mjs';
import { WITHIN_MS, run, temporaryFolder, tools, top } from './support.mjs';

const programs = path.join(top, 'tests', 'dropin', 'js');
const project = path.join(process.cwd(), 'dropin'); // where the packages are found
fs.mkdirSync(project, { recursive: true });

async function runs(program, file) {
  const folder = temporaryFolder();
  execFileSync('git', ['init', '-q', folder]);
  const env = { ...process.env, KLOCK_URL: await freeAddress(), XDG_STATE_HOME: folder, PATH: `${folderWithKlock()}:${process.env.PATH}` };
  delete env.KLOCK_STORAGE;
  const { code, output } = await run(process.execPath, [program], { cwd: folder, env });
  assert.equal(code, 0, output);
  const printed = output.replace(/^klock: started a server at \S+ \(PID \d+\)\n/gm, '');
  const text = fs.readFileSync(path.join(programs, file), 'utf8');
  assert.equal(printed, [...text.matchAll(/^\/\/   (.*\n)/gm)].map(([, line]) => line).join(''));
}

for (const file of ['embedded_client.cjs', 'facade.mjs', 'http_client.mjs']) {
  test(`the program ${file}`, async () => {
    fs.copyFileSync(path.join(programs, file), path.join(project, file));
    await runs(path.join(project, file), file);
  });
}

const skip = tools ? false : 'TypeScript could not be installed from npm';

test('the program types.mts, which has all type names of the original, is compiled and runs', { skip }, async () => {
  fs.copyFileSync(path.join(programs, 'types.mts'), path.join(project, 'types.mts'));
  const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable,dom', '--module', 'node16', '--moduleResolution',
    'node16', '--types', 'node', '--typeRoots', path.join(tools, 'node_modules/@types'), '--pretty', 'false'];
  const compiler = path.join(tools, 'node_modules/typescript/lib/tsc.js');
  const { code, output } = await run(process.execPath, [compiler, ...options, path.join(project, 'types.mts')], { timeout: 5 * WITHIN_MS });
  assert.equal(code, 0, output);
  await runs(path.join(project, 'types.mjs'), 'types.mts');
});
