// The repository that a fleet works in: modules that import each other, a program that runs them all, a check of the imports. And what
// an edit does to a module's text, and whether it is there afterwards.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { put } from '../agents/clients/writing.mjs';

const run = promisify(execFile);
const SLOTS = 8;

// Prints the imports that name what is not there, as JSON: { file, line, id, target, name }.
const CHECK = `import fs from 'node:fs';
const all = new Map(fs.readdirSync('src').filter((name) => /^m\\d+\\.mjs$/.test(name)).map((name) => {
  return [name, fs.readFileSync('src/' + name, 'utf8')];
}));
const broken = [];
for (const [file, text] of all) {
  for (const [line, name, id, target] of text.matchAll(/^import \\{ (\\w+) as (\\w+) \\} from '\\.\\/(m\\d+)\\.mjs';$/gm)) {
    const isThere = all.get(target + '.mjs')?.includes('export function ' + name + '(');
    if (!isThere) broken.push({ file: file.slice(0, -4), line, id, target, name });
  }
}
console.log(JSON.stringify(broken));
`;

// What a build leaves behind: it is not committed.
const COUNT = `import fs from 'node:fs';
const names = fs.readdirSync('src').filter((name) => name.endsWith('.mjs'));
fs.writeFileSync('totals.json', JSON.stringify(names.map((name) => [name, fs.readFileSync('src/' + name, 'utf8').split('\\n').length])));
`;

/** Its files: { path: text }. */
export function repositoryFiles(modules) {
  const main = `${modules.map((name) => `import * as ${name} from './${name}.mjs';\n`).join('')}\n`
    + `console.log(Object.keys({ ${modules.join(', ')} }).length);\n`;
  return {
    ...Object.fromEntries(modules.map((name) => [pathOf(name), moduleText(name)])),
    'src/main.mjs': main,
    'tools/check.mjs': CHECK,
    'tools/count.mjs': COUNT,
    '.gitignore': 'totals.json\n.claude/\n',
  };
}

/** Makes it in a folder that is not there yet. */
export async function makeRepository(folder, modules, environment) {
  put(folder, repositoryFiles(modules));
  const git = (...command) => run('git', command, { cwd: folder, env: environment });
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'agent');
  await git('config', 'user.email', 'agent@example.com');
  await git('config', 'gc.auto', '0');
  await git('add', '.');
  await git('commit', '-q', '-m', 'start');
}

function moduleText(name) {
  const slot = (_, i) => `\n// slot ${i}\n\nexport function ${name}_part${i}(x) {\n  const y = x + ${i};\n  return y * ${i + 1};\n}\n`;
  return `// imports\n\nexport function ${name}_v1(x) {\n  return x;\n}\n${Array.from({ length: SLOTS }, slot).join('')}`;
}

/** Where a module is, from the top of a work tree. */
export const pathOf = (file) => `src/${file}.mjs`;

/**
 * What an edit replaces in a text that the agent knows, and by what; undefined when the text is not (or no longer) as it must be.
 * `known` gives what the agent knows of another file.
 */
export function replacementOf(edit, text, known) {
  if (text === undefined) return undefined;
  const { id, file, kind, slot, target } = edit;
  if (kind === 'fix') return text.includes(edit.old) ? { old: edit.old, new: edit.new } : undefined;
  if (kind === 'add') return inserted(text, `// slot ${slot}\n`, `// ${id} begin\nexport const ${id} = [1, 2, 3];\n// ${id} end\n`);
  if (kind === 'use') {
    const name = apiOf(target, known(target));
    return name && inserted(text, '// imports\n', `import { ${name} as ${id} } from './${target}.mjs';\n`);
  }
  const name = apiOf(file, text);
  if (!name) return undefined;
  const next = `${file}_v${Number(name.slice(file.length + 2)) + 1}`;
  return { old: `export function ${name}(`, new: `// ${id} renames it\nexport function ${next}(` };
}

/** The name that a module exports now. */
export function apiOf(file, text) {
  return new RegExp(`export function (${file}_v\\d+)\\(`).exec(text ?? '')?.[1];
}

function inserted(text, anchor, more) {
  return text.includes(anchor) ? { old: anchor, new: anchor + more } : undefined;
}

/** What became of an edit: 'there', 'lost', or 'torn' (not whole, or twice). */
export function fateOf({ id, kind }, text) {
  const count = (what) => text.split(what).length - 1;
  if (kind === 'use') return fate(count(` as ${id} }`), text.match(new RegExp(`^import \\{ \\w+ as ${id} \\} from '.*';$`, 'gm'))?.length);
  if (kind === 'bump') return fate(count(`// ${id} renames it`), 1);
  const lines = count(`// ${id} begin`) + count(`// ${id} end`) + count(`export const ${id} =`);
  if (lines === 0) return 'lost';
  return lines === 3 && count(`// ${id} begin\nexport const ${id} = [1, 2, 3];\n// ${id} end\n`) === 1 ? 'there' : 'torn';
}

function fate(found, whole) {
  return found === 0 ? 'lost' : found === 1 && whole === 1 ? 'there' : 'torn';
}

/** The imports that name what is not there, by the repository's own check. */
export async function brokenImports(folder, environment) {
  const { stdout } = await run(process.execPath, ['tools/check.mjs'], { cwd: folder, env: environment });
  return JSON.parse(stdout);
}

/** Whether the program runs. */
export async function isBuilt(folder, environment) {
  return run(process.execPath, ['src/main.mjs'], { cwd: folder, env: environment }).then(() => true, () => false);
}
