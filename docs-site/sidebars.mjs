// The order of the pages. A page of docs/ that is in none of these lists is an error, so that none is forgotten.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = path.join(path.dirname(fileURLToPath(import.meta.url)), 'docs');

const chapters = {
  'Start here': ['README', 'getting-started', 'examples', 'faq', 'comparison', 'glossary'],
  'Coding agents': [
    'coding-agents', 'coding-agents-clients', 'clients/claude', 'clients/codex', 'clients/gemini', 'clients/opencode', 'clients/qwen',
    'clients/copilot', 'clients/pi', 'clients/cline', 'clients/cursor', 'clients/git', 'mcp',
  ],
  Programming: ['sdk-python', 'sdk-javascript', 'sdk-c', 'cli', 'api-reference', 'choosing'],
  'Running it': [
    'dashboard', 'platforms', 'settings', 'stores', 'several-repositories', 'docker', 'deployment', 'many-machines', 'backup', 'upgrade',
    'security', 'limits', 'troubleshooting', 'from-the-original',
  ],
  'How it works': ['protocol-spec', 'architecture', 'benchmarks', 'fleet-benchmark', 'testing'],
};

// Some are written elsewhere and may not be there yet.
const isThere = (id) => fs.existsSync(path.join(docs, `${id}.md`));
const listed = new Set(Object.values(chapters).flat());
const forgotten = fs.readdirSync(docs, { recursive: true }).map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.md') && !name.startsWith('source/') && !listed.has(name.slice(0, -'.md'.length)));
if (forgotten.length > 0) throw new Error(`docs-site/sidebars.mjs lists no place for docs/${forgotten.join(', docs/')}`);

export default {
  pages: Object.entries(chapters).map(([label, ids]) => ({
    type: 'category', label, collapsible: false, items: ids.filter(isThere),
  })),
};
