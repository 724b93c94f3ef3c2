// Makes a built site independent of the path that it is served under.
//
// Docusaurus wants to know that path when it builds. It gets a placeholder, and this replaces it: in HTML and CSS by a relative path, in
// JavaScript by an expression that finds the path when it runs, in the search index by nothing.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import { full } from 'acorn-walk';

export const placeholder = '/klock-site-base/';

// Scripts, and the worker of the search, are in assets/js.
const here = 'globalThis.siteBase??=new URL("../../",globalThis.document?.currentScript?.src??location.href).pathname;';

// Chrome lets no page of a file:// site change its address or read a file, so there a link is followed as if there were no script, and
// custom.css hides the search.
const files = `<script>if(location.protocol==="file:"){document.documentElement.dataset.fromDisk="";
addEventListener("click",e=>{const a=e.target.closest("a[href]");if(a&&a.protocol==="file:"){e.preventDefault();
e.stopImmediatePropagation();const u=new URL(a.href);if(u.pathname.endsWith("/"))u.pathname+="index.html";
location.href=u}},true)}</script>`;

/** The files beneath a folder, relative to it. */
function filesIn(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** The way from a file of the site to its top. */
function up(name) {
  return '../'.repeat(name.split(path.sep).length - 1) || './';
}

/** HTML with relative paths, and without the names of a host that nobody knows. */
export function relocateHtml(html, name) {
  return html
    .replace(/<link[^>]*rel="?(canonical|alternate)\b[^>]*>/g, '')
    .replace(/<meta[^>]*property="?og:url\b[^>]*>/g, '')
    .replaceAll(placeholder, up(name))
    .replace('<head>', `<head>${files}`);
}

const isAbout = (node) => node.type === 'Literal' && typeof node.value === 'string' && node.value.includes(placeholder);

const asExpression = (literal) => literal.value.split(placeholder).map((part) => JSON.stringify(part)).join('+globalThis.siteBase+');

/** JavaScript in which every text that has the placeholder asks for the path when it runs. */
export function relocateScript(code) {
  if (!code.includes(placeholder)) return code;
  const edits = [];
  full(parse(code, { ecmaVersion: 'latest', sourceType: 'script', allowReturnOutsideFunction: true }), (node) => {
    if (node.type === 'TemplateElement' && node.value.raw.includes(placeholder)) {
      edits.push([node.start, node.end, node.value.raw.replaceAll(placeholder, '${globalThis.siteBase}')]);
    } else if (isAbout(node)) {
      edits.push([node.start, node.end, `(${asExpression(node)})`]);
    } else if (node.type === 'Property' && !node.computed && isAbout(node.key)) {
      edits.push([node.key.start, node.key.end, `[${asExpression(node.key)}]`]); // a name of a property is not visited by itself
    }
  });
  edits.sort((a, b) => a[0] - b[0]);
  let output = here;
  let at = 0;
  for (const [start, end, text] of edits) {
    output += code.slice(at, start) + text;
    at = end;
  }
  return output + code.slice(at);
}

/** The content that a file of the site gets. */
function relocated(name, text) {
  switch (path.extname(name)) {
    case '.html': return relocateHtml(text, name);
    case '.css': return text.replaceAll(placeholder, up(name));
    case '.js': return relocateScript(text);
    case '.json': return text.replaceAll(placeholder, '');
    default: return text;
  }
}

/** Rewrites the site in a folder. */
export function relocate(folder) {
  for (const name of filesIn(folder).filter((file) => /\.(html|css|js|json|xml|txt)$/.test(file))) {
    const file = path.join(folder, name);
    const text = fs.readFileSync(file, 'utf8');
    const output = relocated(name, text);
    if (output.includes(placeholder)) throw new Error(`${name} still names the path that the site was built for`);
    if (output !== text) fs.writeFileSync(file, output);
  }
}
