#!/usr/bin/env node
// Builds the site, as docusaurus.config.mjs says: node build.mjs TOP VERSION OUTPUT. ./build.sh site calls it in the folder that has the
// packages.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { relocate } from './relocate.mjs';
import { stageDocs } from './stage.mjs';

const [top, version, output] = process.argv.slice(2);
const made = path.resolve('build');
fs.writeFileSync('version.json', JSON.stringify(version));
stageDocs(top, path.resolve('docs'));
const done = spawnSync(process.execPath, [path.resolve('node_modules/@docusaurus/core/bin/docusaurus.mjs'), 'build', '--out-dir', made], {
  stdio: 'inherit',
  env: { ...process.env, DOCUSAURUS_IGNORE_SSG_WARNINGS: '1', DO_NOT_TRACK: '1', NO_UPDATE_NOTIFIER: '1' },
});
if (done.status !== 0) process.exit(done.status ?? 1);
relocate(made);
fs.rmSync(output, { recursive: true, force: true });
fs.cpSync(made, output, { recursive: true });
