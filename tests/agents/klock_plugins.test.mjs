// The hooks and the MCP server in the clients' own formats, as the build leaves them in dist/plugins, loaded by the real clients.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { claude, gemini } from './clients/all.mjs';
import { folderOf, missing, top } from './install.mjs';
import { assertHeard, editOf, holder, klock, leases } from './klock.mjs';
import { connect, said } from './mcp_client.mjs';
import { sdk } from './mcp_parts.mjs';
import { World } from './world.mjs';

const run = promisify(execFile);
const LIMIT = { timeout: 300_000 };
const plugins = path.join(top, 'dist', 'plugins');

function pluginTest(client, load) {
  test(`${client.name}: its plugin lets an edit through, refuses what another agent has, and brings the MCP server`, {
    ...LIMIT, skip: missing(client) ?? false,
  }, async (t) => {
    // A plugin starts klock by its name.
    const world = await World.of(t, { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\n' }, { programs: [path.dirname(klock)] });
    const home = world.home('plugged');
    const more = await load(world, home, path.join(plugins, client.name));
    const other = await holder(world, 'b.txt');
    const tools = world.tools(client);
    const turns = [...editOf(tools, 'a.txt'), ...editOf(tools, 'b.txt'), { text: 'Then not.' }];
    const agent = await world.run(client, { turns, home: 'plugged', environment: { KLOCK_WAIT: '0s' }, ...more });
    assertHeard(agent, /Klock: b\.txt is in use by somebody/);
    const offered = agent.model.requests.flatMap((request) => request.offered ?? []);
    assert.ok(offered.some((name) => name.endsWith('klock_claim')), `no tool of the MCP server among ${[...new Set(offered)].join(', ')}`);
    assert.deepEqual([world.read('a.txt'), world.read('b.txt')], ['one\nTWO\n', 'one\ntwo\n']);
    assert.deepEqual((await leases(world)).map(({ agent_id }) => agent_id), ['somebody']);
    await other.release();
  });
}

describe('plugins', { concurrency: 2 }, () => {
  pluginTest(claude, (world, home, folder) => ({ arguments: ['--plugin-dir', folder] }));
  pluginTest(gemini, async (world, home, folder) => {
    const env = { ...world.environment, HOME: home, GEMINI_CLI_TRUST_WORKSPACE: 'true', GEMINI_API_KEY: 'dummy' };
    await run(gemini.program(folderOf(gemini)), ['extensions', 'install', folder, '--consent'], { cwd: world.repo, env });
    return {};
  });

  test('claude: its plugin and its marketplace are valid', { ...LIMIT, skip: missing(claude) ?? false }, async (t) => {
    const world = await World.of(t, { 'a.txt': '' });
    const program = claude.program(folderOf(claude));
    const command = ['plugin', 'validate', path.join(plugins, 'claude')];
    const { stdout } = await run(program, command, { cwd: world.repo, env: world.environment });
    assert.match(stdout, /Validation passed/);
  });

  // A registry's client does what the entry says: it installs the package by its name, and starts the package's program.
  test('the entry for MCP registries starts the server of the package that it names', {
    ...LIMIT, skip: missing(sdk) ?? false,
  }, async (t) => {
    const entry = JSON.parse(fs.readFileSync(path.join(plugins, 'mcp', 'server.json'), 'utf8'));
    const [{ registryType, identifier, version, runtimeHint, packageArguments }] = entry.packages;
    assert.deepEqual([registryType, runtimeHint, version], ['pypi', 'uvx', entry.version]);
    assert.ok(entry.description.length <= 100, 'registries take no more than 100 characters');
    const world = await World.of(t, { 'a.txt': '' });
    const environment = path.join(world.folder, 'venv');
    const wheels = path.join(top, 'dist', 'python');
    await run('python3', ['-m', 'venv', environment]);
    const pip = ['-m', 'pip', 'install', '-q', '--no-index', '--find-links', wheels, `${identifier}==${version}`];
    await run(path.join(environment, 'bin', 'python'), pip);
    const metadata = `import importlib.metadata as m; print(m.metadata('${identifier}'))`;
    const described = await run(path.join(environment, 'bin', 'python'), ['-c', metadata]);
    assert.ok(described.stdout.includes(`mcp-name: ${entry.name}`), 'by this a registry sees that the package is the server\'s');
    const { call, close } = await connect(world, {
      command: path.join(environment, 'bin', identifier), args: packageArguments.map(({ value }) => value),
    });
    assert.match(said(await call('claim', { files: ['a.txt'] })), /Claimed for you: a\.txt/);
    await close();
  });
});
