// The versions that the pages say are tested are the ones that the tests install.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clients } from '../agents/clients/all.mjs';
import { top } from './place.mjs';

const docs = path.join(top, 'docs');
const table = fs.readFileSync(path.join(docs, 'coding-agents-clients.md'), 'utf8');
const versionsOf = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

for (const client of clients) {
  test(`${client.name}: the table and its page name the version that is installed`, () => {
    const page = fs.readFileSync(path.join(docs, 'clients', `${client.name}.md`), 'utf8');
    const named = [
      ...versionsOf(table, new RegExp(`^\\| \\[\`${client.name}\`\\]\\([^)]*\\) (\\S+) \\|`, 'gm')),
      ...versionsOf(page, /The tests run version (\d+\.\d+\.\d+)/g),
    ];
    assert.equal(named.length, 2, `named ${named.length} times`);
    for (const version of named) assert.ok(Object.values(client.packages).includes(version), `${version} is not installed`);
  });
}
