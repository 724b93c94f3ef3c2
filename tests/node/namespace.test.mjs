// Several repositories on one server: which namespace is said, and that it keeps them apart.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, before, test } from 'node:test';
import { Klock, KlockConflictError, KlockHttpClient, klockProtected } from '@klock-protocol/core';
import { startServer } from './server.mjs';
import { onEachStore, temporaryFolder, wanted } from './support.mjs';

const SHOP = 'github.com/acme/shop';
const who = ['-c', 'user.name=t', '-c', 'user.email=t@localhost'];
const git = (cwd, ...command) => execFileSync('git', [...who, ...command], { cwd, encoding: 'utf8' }).trim();

let client;
before(async () => {
  const { baseUrl } = await startServer({}, ['--port', '0', '--namespace-by', 'repository']);
  client = new KlockHttpClient({ baseUrl, autoStart: false });
});

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

/** One with an origin, and one with a commit alone. */
function repositories() {
  const [shop, blog] = [temporaryFolder(), temporaryFolder()];
  git(shop, 'init', '-q');
  git(shop, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git');
  git(blog, 'init', '-q');
  git(blog, 'commit', '-q', '--allow-empty', '-m', 'first');
  return [shop, blog];
}

const namespaces = async () => (await client.listLeases()).map((lease) => lease.namespace);

onEachStore('a lease and a refusal say it', (store) => {
  const granted = store.acquire({ ...wanted('a', 'README.md'), namespace: SHOP });
  assert.equal(granted.namespace, SHOP);
  assert.equal('namespace' in store.acquire(wanted('a', 'README.md')), false);
  const refused = store.acquire({ ...wanted('b', 'README.md'), namespace: SHOP });
  assert.deepEqual(refused.conflicts.map((conflict) => conflict.namespace), [SHOP]);
  assert.deepEqual(store.listLeases({ namespace: SHOP }).map((lease) => lease.id), [granted.leaseId]);
  assert.deepEqual([store.listLeases({ namespace: 'blog' }).length, store.listLeases().length], [0, 2]);
});

test('the facade says the repository where the server wants one', async () => {
  const [shop, blog] = repositories();
  const [one, other] = [new Klock(client), new Klock(client)];
  await one.withFile(path.join(shop, 'README.md'), () => other.withFile(path.join(blog, 'README.md'), async () => {
    assert.deepEqual(await namespaces(), [SHOP, git(blog, 'rev-list', '--max-parents=0', 'HEAD')]);
    await assert.rejects(other.file(path.join(shop, 'README.md'), { maxRetries: 0 }), KlockConflictError);
    const both = other.files([path.join(shop, 'a'), path.join(blog, 'a')]);
    await assert.rejects(both, { code: 'INVALID_REQUEST', message: /different repositories/ });
  }));
});

test('what is in no repository, or a shallow one, has to say one', async () => {
  const [, blog] = repositories();
  const [nowhere, clone] = [temporaryFolder(), path.join(temporaryFolder(), 'clone')];
  git(blog, 'commit', '-q', '--allow-empty', '-m', 'second');
  git(nowhere, 'clone', '-q', '--depth=1', `file://${blog}`, clone);
  git(clone, 'remote', 'remove', 'origin');
  for (const folder of [nowhere, clone]) {
    await assert.rejects(new Klock(client).file(path.join(folder, 'x')), { code: 'INVALID_REQUEST', message: /KLOCK_NAMESPACE/ });
  }
  process.env.KLOCK_NAMESPACE = 'env';
  await new Klock(client).withFile(path.join(nowhere, 'x'), () => new Klock(client, { namespace: 'said' })
    .withFile(path.join(nowhere, 'x'), async () => assert.deepEqual(await namespaces(), ['env', 'said'])));
});

test('a protected function says it too', async () => {
  const [shop] = repositories();
  const tool = klockProtected(namespaces, { client, resourcePath: () => path.join(shop, 'README.md') });
  assert.deepEqual(await tool({}), [SHOP]);
});
