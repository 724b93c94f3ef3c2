// docs/images/terminal.svg is what klock shows today.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { top } from './place.mjs';

test('the recording of the terminal is of this klock', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-recording-'));
  const made = path.join(folder, 'terminal.svg');
  const script = path.join(top, 'docs-site', 'recording', 'record.py');
  execFileSync('python3', ['-B', script, path.join(top, 'dist', 'bin', 'klock'), made], { timeout: 120_000 });
  const kept = fs.readFileSync(path.join(top, 'docs', 'images', 'terminal.svg'), 'utf8');
  assert.equal(fs.readFileSync(made, 'utf8'), kept, 'klock shows something else: ./build.sh recording draws it anew');
  fs.rmSync(folder, { recursive: true });
});
