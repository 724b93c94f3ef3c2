// The site's settings. stage.mjs puts this folder and the pages of ../docs together; relocate.mjs makes the result independent of its path.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { themes } from 'prism-react-renderer';
import { placeholder } from './relocate.mjs';

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));
const version = JSON.parse(fs.readFileSync(path.join(here, 'version.json'), 'utf8'));

// Two modules of others think that they know where the site is. They are replaced by src/search/searchByWorker.js and src/preload.js.
function anywhere() {
  const inPackage = (name, file) => path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
  return {
    name: 'anywhere',
    configureWebpack: (config, isServer, { currentBundler: { instance: bundler } }) => ({
      resolve: {
        alias: {
          'search-by-worker-original': inPackage('@easyops-cn/docusaurus-search-local', 'dist/client/client/theme/searchByWorker.js'),
          'preload-original': inPackage('@docusaurus/core', 'lib/client/preload.js'),
        },
      },
      plugins: [
        new bundler.NormalModuleReplacementPlugin(/^\.\.\/searchByWorker$/, path.join(here, 'src/search/searchByWorker.js')),
        new bundler.NormalModuleReplacementPlugin(/^\.\/preload$/, path.join(here, 'src/preload.js')),
      ],
    }),
  };
}

export default {
  title: 'Klock',
  tagline: 'Leases that keep AI coding agents from overwriting each other',
  favicon: 'img/klock.svg',
  // Nobody knows where the site will be: no page names this host, and relocate.mjs replaces the path.
  url: 'https://klock.invalid',
  baseUrl: placeholder,
  baseUrlIssueBanner: false,
  trailingSlash: true,
  noIndex: false,
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  markdown: {
    format: 'md',
    hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
    // The pages have no front matter, which GitHub would show: what one needs is here.
    parseFrontMatter: async (params) => {
      const page = await params.defaultParseFrontMatter(params);
      const name = path.relative(path.join(here, 'docs'), params.filePath);
      if (name === 'README.md') Object.assign(page.frontMatter, { slug: '/', hide_table_of_contents: true, title: 'Klock' });
      return page;
    },
  },
  future: { v4: true, faster: true },
  i18n: { defaultLocale: 'en', locales: ['en'] },
  plugins: [
    ['@docusaurus/plugin-content-docs', { path: 'docs', routeBasePath: '/', sidebarPath: './sidebars.mjs', breadcrumbs: false }],
    anywhere,
  ],
  themes: [
    ['@docusaurus/theme-classic', { customCss: './src/css/custom.css' }],
    ['@easyops-cn/docusaurus-search-local', {
      docsRouteBasePath: '/',
      docsDir: 'docs',
      indexBlog: false,
      hashed: true,
      highlightSearchTermsOnTargetPage: true,
      searchBarShortcutHint: true,
      explicitSearchResultPath: true,
    }],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: false, autoCollapseCategories: false } },
    navbar: {
      title: 'Klock',
      logo: { alt: '', src: 'img/klock.svg', width: 26, height: 26 },
      items: [
        { to: '/getting-started/', label: 'Get started', position: 'left', activeBaseRegex: '/getting-started/$' },
        { to: '/coding-agents/', label: 'Coding agents', position: 'left', activeBaseRegex: '/coding-agents/$' },
        { to: '/cli/', label: 'Command line', position: 'left', activeBaseRegex: '/cli/$' },
        { type: 'html', position: 'right', value: `<span class="version">${version}</span>` },
      ],
    },
    prism: {
      theme: themes.github,
      darkTheme: themes.oneDark,
      additionalLanguages: ['bash', 'toml', 'json', 'csharp', 'docker', 'nginx', 'ini'],
    },
  },
};
