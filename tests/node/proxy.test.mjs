// Requests to this machine go through no proxy, whatever a program has set as its own way to send HTTP; others do as it wants, and say so.
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { startServer } from './server.mjs';
import { WITHIN_MS, runText, temporaryFolder, tools } from './support.mjs';

const KEY = 'a-secret-of-the-test-0123456789';
const skip = tools ? false : 'undici could not be installed from npm';
const undici = tools && pathToFileURL(createRequire(path.join(tools, 'package.json')).resolve('undici')).href;

// What a program may have done before it makes its first client.
const DEFAULTS = {
  nothing: '',
  'a proxy for all': "setGlobalDispatcher(new ProxyAgent(process.env.HTTP_PROXY));",
  'the proxies of the environment': 'setGlobalDispatcher(new EnvHttpProxyAgent());',
  'a proxy inside of something else': 'setGlobalDispatcher(new MockAgent({ agent: new ProxyAgent(process.env.HTTP_PROXY) }));',
  'the fetch of undici': "setGlobalDispatcher(new EnvHttpProxyAgent()); globalThis.fetch = undici.fetch;",
};

let server;
let proxy;
const seen = [];
const socket = path.join(temporaryFolder(), 'klock.sock');

before(async () => {
  server = await startServer({ KLOCK_API_KEY: KEY }, ['--port', '0', '--host', '127.0.0.1', '--socket', socket]);
  proxy = http.createServer((request, response) => {
    seen.push(request.url);
    response.writeHead(502).end('<html>the proxy</html>');
  });
  proxy.on('connect', (request, connection) => {
    seen.push(request.url);
    connection.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
});
after(() => proxy.close());

/** What a program with such defaults gets, and what the proxy saw of it. */
async function run(defaults, text, environment = {}) {
  seen.length = 0;
  const { port } = proxy.address();
  const address = `http://someone:password@127.0.0.1:${port}`;
  const proxies = { HTTP_PROXY: address, http_proxy: address, HTTPS_PROXY: address, NODE_USE_ENV_PROXY: '1' };
  const all = { ...proxies, KLOCK_API_KEY: KEY, ...environment };
  const names = '{ EnvHttpProxyAgent, MockAgent, ProxyAgent, setGlobalDispatcher }';
  const { code, output } = await runText(
    `${text.includes("import('@klock") ? '' : "import { KlockHttpClient } from '@klock-protocol/core';"}
    ${undici && !text.includes('import *') ? `import * as undici from '${undici}'; const ${names} = undici;` : ''}
    ${defaults}
    ${text}`,
    [],
    ['--no-warnings'],
    { env: { ...process.env, ...all } },
  );
  return { code, output, seen: [...seen] };
}

for (const [name, defaults] of Object.entries(DEFAULTS)) {
  test(`this machine is asked directly: ${name}`, { skip: defaults !== '' && skip, timeout: WITHIN_MS }, async () => {
    const port = new URL(server.baseUrl).port;
    const urls = ['127.0.0.1', 'localhost', '127.1.2.3'].map((host) => ({ baseUrl: `http://${host}:${port}` }));
    for (const options of [...urls, { socketPath: socket }]) {
      const { code, output, seen: saw } = await run(defaults, `
        const client = new KlockHttpClient({ ...${JSON.stringify(options)}, autoStart: false });
        const wanted = { agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES', ttl: 9000 };
        const lease = await client.acquire({ ...wanted, waitMs: ${options.baseUrl?.includes('127.1.2.3') ? 0 : 400_000} });
        console.log(lease.success, await client.releaseLease(lease.leaseId));`);
      if (options.baseUrl?.includes('127.1.2.3')) assert.match(output, /ECONNREFUSED/); // the server listens at 127.0.0.1 alone
      else assert.deepEqual([code, output], [0, 'true true\n']);
      assert.deepEqual(saw, [], `${JSON.stringify(options)} went through the proxy`);
    }
  });
}

test('elsewhere is asked as the program wants, and an error names the proxy', { skip, timeout: WITHIN_MS }, async () => {
  const text = `await new KlockHttpClient({ baseUrl: 'http://klock.invalid:3100' }).listLeases()
    .catch((error) => console.log(error.name, error.message));`;
  const env = await run(DEFAULTS['the proxies of the environment'], text);
  assert.equal(env.seen.length, 1);
  const { port } = proxy.address();
  const named = `http_proxy names the proxy http://127.0.0.1:${port})`;
  assert.match(env.output, /^KlockConnectionError .*klock\.invalid:3100/);
  assert.ok(env.output.includes(named), env.output);
  assert.doesNotMatch(env.output, /password/);
  const set = await run(DEFAULTS['a proxy for all'], text);
  assert.equal(set.seen.length, 1);
  assert.match(set.output, /this program sends HTTP through a proxy: it has set a ProxyAgent/);
  const without = await run(DEFAULTS['the proxies of the environment'], text, { NO_PROXY: 'klock.invalid', no_proxy: 'klock.invalid' });
  assert.deepEqual(without.seen, []);
});

test('what cannot be seen through is not trusted', { skip, timeout: WITHIN_MS }, async () => {
  const text = (order) => `import * as undici from '${undici}';
    const hide = () => undici.setGlobalDispatcher(new undici.RetryAgent(new undici.ProxyAgent(process.env.HTTP_PROXY)));
    const load = async () => new (await import('@klock-protocol/core')).KlockHttpClient({ baseUrl: '${server.baseUrl}', autoStart: false });
    ${order}
    await client.listLeases().then(() => console.log('done'), (error) => console.log(error.message));`;
  const late = await run('', text('hide(); const client = await load();'));
  assert.match(late.output, /dispatcher of its own, RetryAgent, which may be a proxy/);
  const early = await run('', text('const client = await load(); hide();'));
  assert.equal(early.output, 'done\n');
  assert.deepEqual([late.seen, early.seen], [[], []]);
});
