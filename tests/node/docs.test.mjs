// Every JavaScript block of the documents runs, in order, as a reader would type it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runText, temporaryFolder, top } from './support.mjs';

for (const document of ['README.md', 'bindings/node/core/README.md', 'docs/sdk-javascript.md', 'docs/getting-started.md']) {
  test(`the blocks of ${document}`, async () => {
    const text = fs.readFileSync(path.join(top, document), 'utf8');
    const blocks = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, block]) => block);
    assert.ok(blocks.length > 0);
    // In a repository of its own, and with no store of this user in reach.
    const folder = temporaryFolder();
    execFileSync('git', ['init', '-q', folder]);
    const { code, output } = await runText(blocks.join('\n'), [], [], { cwd: folder, env: { ...process.env, XDG_STATE_HOME: folder } });
    assert.equal(code, 0, output);
  });
}
