// Every page of the site, read from a plain server beneath a path: what it links to is there, and what it loads is its own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { cannotRun, filesIn, packages, serve, site, top } from './place.mjs';

const skip = cannotRun();
const LOADED = 'img[src], script[src], link[href], source[src], source[srcset], iframe[src], video[src]';

let server;
let pages;

before(async () => {
  if (skip) return;
  server = await serve();
  pages = await crawl(createRequire(path.join(packages, 'x.js'))('cheerio').load, server.url);
});
after(() => server?.stop());

/** Reads the pages that links lead to from the first, and checks that everything else that they name is there. */
async function crawl(load, start) {
  const found = new Map();
  const open = [start];
  while (open.length > 0) {
    const url = open.shift();
    if (found.has(url)) continue;
    const answer = await fetch(url);
    const page = { status: answer.status, at: answer.url, ids: new Set(), links: [], loads: [] };
    found.set(url, page);
    const text = await answer.text();
    if (!answer.headers.get('content-type')?.includes('text/html')) continue;
    const $ = load(text);
    $('[id]').each((_, element) => page.ids.add(element.attribs.id));
    $('a[href]').each((_, element) => page.links.push(new URL(element.attribs.href, answer.url)));
    $(LOADED).each((_, element) => {
      const { src, srcset, href } = element.attribs;
      page.loads.push(new URL((src ?? href ?? srcset).split(' ')[0], answer.url));
    });
    for (const link of [...page.links, ...page.loads].filter((each) => each.href.startsWith(start))) {
      open.push(link.href.split('#')[0]);
    }
  }
  return found;
}

test('every file of the site that a page is can be got to, and is there', { skip }, () => {
  const reached = new Set([...pages.values()].map((page) => page.at.slice(server.url.length).replace(/index\.html$/, '')));
  const made = filesIn(site, 'index.html').map((name) => name.replace(/index\.html$/, ''));
  // The search has no link: it is the box at the top.
  assert.deepEqual(made.filter((name) => !reached.has(name) && name !== 'search/'), []);
  assert.ok(pages.size > 50, `${pages.size} addresses`);
});

test('every link, anchor and image resolves', { skip }, () => {
  const broken = [];
  for (const [url, page] of pages) {
    if (page.status !== 200) broken.push(`${url}: ${page.status}`);
    for (const link of page.links.filter((each) => each.href.startsWith(server.url) && each.hash.length > 1)) {
      const target = pages.get(link.href.split('#')[0]);
      if (!target?.ids.has(decodeURIComponent(link.hash.slice(1)))) broken.push(`${url} -> ${link.href}`);
    }
    for (const link of page.links.filter((each) => each.host === new URL(server.url).host && !each.href.startsWith(server.url))) {
      broken.push(`${url} leaves the path of the site: ${link.href}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('a page loads nothing from another host', { skip }, () => {
  const isForeign = (load) => load.protocol !== 'data:' && !load.href.startsWith(server.url);
  const foreign = [...pages].flatMap(([url, page]) => page.loads.filter(isForeign).map((load) => `${url}: ${load.href}`));
  assert.deepEqual(foreign, []);
  for (const name of filesIn(site, '.css')) {
    assert.doesNotMatch(fs.readFileSync(path.join(site, name), 'utf8'), /url\(["']?(https?:)?\/\//, name);
  }
});

test('no file names the path that the site was built for', { skip }, () => {
  for (const ending of ['.html', '.js', '.css', '.json', '.xml']) {
    for (const name of filesIn(site, ending)) {
      assert.ok(!/\/klock-site-base\//.test(fs.readFileSync(path.join(site, name), 'utf8')), name);
    }
  }
});

test('every page of docs/ is in the sidebar', { skip }, () => {
  const first = pages.get(server.url);
  const listed = new Set(first.links.map((link) => link.href));
  for (const name of filesIn(path.join(top, 'docs'), '.md')) {
    const url = new URL(name === 'README.md' ? './' : `${name.replace(/(\/?README)?\.md$/, '')}/`, server.url);
    assert.ok(listed.has(url.href), `${name} is not in the sidebar`);
  }
});
