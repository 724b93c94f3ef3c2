// Puts together what Docusaurus builds: this folder, the pages of ../docs, and every file outside of docs that a page links to, so that
// no link of the site leaves it. A source file becomes a page that shows it, a folder one that lists it.
import fs from 'node:fs';
import path from 'node:path';

const LINK = /(\]\()([^)\s#:]+)(#[^)\s]*)?(\))/g;
const LANGUAGES = { '.cs': 'csharp', '.h': 'c', '.hpp': 'cpp', '.mjs': 'js', '.py': 'python', '.sh': 'bash' };

/** Where a file of the repository is beneath the staged docs/: those of docs as they are, others under source/. */
function placeOf(file) {
  if (file.startsWith('docs/')) return file.slice('docs/'.length);
  const page = file.endsWith('.md') ? file : `${file}.md`;
  return `source/${page.replaceAll('README.md', 'readme.md').replaceAll('/.', '/')}`;
}

/** The text of a page whose links count from where it is staged. */
function withLinksMoved(text, file, found) {
  const staged = path.posix.dirname(placeOf(file));
  return text.replace(LINK, (whole, open, target, anchor = '', close) => {
    const meant = path.posix.join(path.posix.dirname(file), target).replace(/\/$/, '');
    if (target.startsWith('/') || meant.startsWith('docs/')) {
      if (file.startsWith('docs/')) return whole;
    }
    found.push(meant);
    return `${open}${path.posix.relative(staged, placeOf(meant))}${anchor}${close}`;
  });
}

/** A source file as a page. */
function asPage(text, file) {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  const ending = path.extname(file);
  return `# ${path.posix.basename(file)}\n\n\`${file}\`\n\n${fence}${LANGUAGES[ending] ?? ending.slice(1)}\n${text}${fence}\n`;
}

/** A folder as a page, with links to the files in it. */
function asList(folder, file) {
  const names = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
  return `# ${path.posix.basename(file)}\n\n${names.map((name) => `- [${name}](${path.posix.basename(file)}/${name})`).join('\n')}\n`;
}

/** The pages of docs, from the top of the repository. */
function pagesOf(top) {
  return fs.readdirSync(path.join(top, 'docs'), { recursive: true }).map((name) => path.posix.join('docs', name.replaceAll('\\', '/')))
    .filter((name) => fs.statSync(path.join(top, name)).isFile());
}

/** Writes the staged docs/ anew. */
export function stageDocs(top, target) {
  fs.rmSync(target, { recursive: true, force: true });
  const open = pagesOf(top);
  const done = new Set();
  while (open.length > 0) {
    const file = open.shift();
    if (done.has(file)) continue;
    done.add(file);
    const from = path.join(top, file);
    if (!fs.existsSync(from)) throw new Error(`a page links to ${file}, which is not there`);
    const to = path.join(target, placeOf(file));
    fs.mkdirSync(path.dirname(to), { recursive: true });
    if (fs.statSync(from).isDirectory()) fs.writeFileSync(to, withLinksMoved(asList(from, file), `${file}.md`, open));
    else if (file.endsWith('.md')) fs.writeFileSync(to, withLinksMoved(fs.readFileSync(from, 'utf8'), file, open));
    else if (file.startsWith('docs/')) fs.copyFileSync(from, to);
    else fs.writeFileSync(to, asPage(fs.readFileSync(from, 'utf8'), file));
  }
}
