// How the site is made: what is put together, and how it is made independent of its path.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { pathToFileURL } from 'node:url';
import { cannotRun, packages } from './place.mjs';

const skip = cannotRun();
const made = (name) => import(pathToFileURL(path.join(path.dirname(packages), name)).href);

test('the site is made without a complaint', { skip }, () => {
  assert.equal(process.env.KLOCK_SITE_MADE, '0', 'the log has why: a broken link, or a page without a place in the sidebar');
});

test('a script finds the path of the site when it runs', { skip }, async () => {
  const { placeholder, relocateScript } = await made('relocate.mjs');
  const p = placeholder;
  const script = `result = [{"${p}a": 1}, "${p}b/" + '${p}', \`x\${1}${p}c\`, JSON.parse('{"k":"${p}d"}').k, /${'a'}/.source];`;
  const place = { URL, location: { href: 'http://h/some/deep/path/assets/js/worker.js' } };
  vm.runInNewContext(relocateScript(script), place);
  const base = '/some/deep/path/';
  assert.deepEqual(JSON.parse(JSON.stringify(place.result)), [{ [`${base}a`]: 1 }, `${base}b/${base}`, `x1${base}c`, `${base}d`, 'a']);
  assert.equal(relocateScript('let untouched = "/x/";'), 'let untouched = "/x/";');
});

test('a page of HTML goes up as far as it is deep', { skip }, async () => {
  const { placeholder, relocateHtml } = await made('relocate.mjs');
  const html = `<head><link rel=canonical href=https://klock.invalid${placeholder}cli/ /></head><a href=${placeholder}cli/>x</a>`;
  assert.match(relocateHtml(html, path.join('clients', 'pi', 'index.html')), /<a href=\.\.\/\.\.\/cli\/>/);
  assert.match(relocateHtml(html, 'index.html'), /<a href=\.\/cli\/>/);
  assert.doesNotMatch(relocateHtml(html, 'index.html'), /canonical|invalid/);
});

/** A repository with these files, staged. */
async function staged(files) {
  const { stageDocs } = await made('stage.mjs');
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-stage-'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
    fs.writeFileSync(path.join(top, name), text);
  }
  stageDocs(top, path.join(top, 'out'));
  return (name) => fs.readFileSync(path.join(top, 'out', name), 'utf8');
}

test('what pages link to outside of docs/ becomes a page, and links still lead there', { skip }, async () => {
  const read = await staged({
    'docs/a.md': '[b](clients/b.md) [code](../src/x.py) [more](../examples/README.md#top) [all](../src/)',
    'docs/clients/b.md': '[a](../a.md)',
    'src/x.py': 'print("```")\n',
    'examples/README.md': '# Top\n[a](../docs/a.md) [code](x.c)',
    'examples/x.c': 'int main;\n',
  });
  assert.equal(read('a.md'), '[b](clients/b.md) [code](source/src/x.py.md) [more](source/examples/readme.md#top) [all](source/src.md)');
  assert.equal(read('source/examples/readme.md'), '# Top\n[a](../../a.md) [code](x.c.md)');
  assert.equal(read('source/src/x.py.md'), '# x.py\n\n`src/x.py`\n\n````python\nprint("```")\n````\n');
  assert.match(read('source/src.md'), /- \[x\.py\]\(src\/x\.py\.md\)/);
});

test('a link to a file that is not there ends the build', { skip }, async () => {
  await assert.rejects(staged({ 'docs/a.md': '[x](../gone.py)' }), /a page links to gone\.py, which is not there/);
});
