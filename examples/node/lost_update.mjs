// Eight agents, each a process of its own, edit one file: they read it, think, and write it back. Without Klock edits vanish, and nobody
// sees an error; with it every edit is there.
//
// usage: node lost_update.mjs     (where @klock-protocol/core is installed)
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as think } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Klock } from '@klock-protocol/core';

const AGENTS = 8;
const EDITS = 10;

async function edit(file, line) {
  const text = fs.readFileSync(file, 'utf8');
  await think(1);
  fs.writeFileSync(file, `${text}${line}\n`);
}

async function agent(name, folder, isCareful) {
  const file = path.join(folder, 'auth.ts');
  const klock = Klock.embedded({ agentId: name, storage: `sqlite:${path.join(folder, 'klock.db')}` });
  for (let number = 0; number < EDITS; number++) {
    const line = `// edit ${number} of ${name}`;
    if (isCareful) await klock.withFile(file, { maxRetries: 60 }, () => edit(file, line));
    else await edit(file, line);
  }
  await klock.close();
}

/** Lets all agents work, and counts the edits that are there in the end. */
async function race(isCareful) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-lost-update-'));
  fs.writeFileSync(path.join(folder, 'auth.ts'), '');
  const agents = Array.from({ length: AGENTS }, (_, number) => {
    const child = fork(fileURLToPath(import.meta.url), [`agent-${number}`, folder, isCareful ? 'careful' : 'careless']);
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`an agent ended with ${code}`))));
    });
  });
  await Promise.all(agents);
  const kept = fs.readFileSync(path.join(folder, 'auth.ts'), 'utf8').split('\n').filter(Boolean).length;
  fs.rmSync(folder, { recursive: true });
  return kept;
}

const [name, folder, manner] = process.argv.slice(2);
if (name !== undefined) {
  await agent(name, folder, manner === 'careful');
} else {
  console.log(`without Klock: ${await race(false)} of ${AGENTS * EDITS} edits are there`);
  console.log(`with Klock:    ${await race(true)} of ${AGENTS * EDITS} edits are there`);
}
