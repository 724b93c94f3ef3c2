// `klock mcp` as a client has it: driven by the official SDK.
import { klock } from './klock.mjs';
import { sdkModule } from './mcp_parts.mjs';

/** Starts it in the world's repository. `script`: { command?, args?, environment?, name?, directory? }. */
export async function connect(world, script = {}) {
  const { Client } = await sdkModule('client/index.js');
  const { StdioClientTransport } = await sdkModule('client/stdio.js');
  const env = { ...world.environment, ...script.environment };
  const cwd = script.directory ?? world.repo;
  const { command = klock, args = ['mcp'] } = script;
  const transport = new StdioClientTransport({ command, args, cwd, env, stderr: 'pipe' });
  const client = new Client({ name: script.name ?? 'a-client', version: '1.0' });
  await client.connect(transport);
  await client.listTools(); // from now on it checks every answer by its schema
  const call = (tool, input = {}, { meta, ...options } = {}) => {
    return client.callTool({ name: `klock_${tool}`, arguments: input, ...(meta && { _meta: meta }) }, undefined, options);
  };
  return { client, transport, call, close: () => client.close() };
}

/** The sentence of an answer. */
export const said = ({ content }) => content.map(({ text }) => text).join('\n');
