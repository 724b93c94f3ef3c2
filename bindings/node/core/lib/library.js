'use strict';
// Finds libklock, loads it at the first use and binds its functions.

const fs = require('node:fs');
const path = require('node:path');
const { KlockLibraryError } = require('./errors.js');

const FILE_NAME = 'libklock.so';
const ABI_VERSION = 1;
const PACKAGES = {
  'linux-x64': '@klock-protocol/core-linux-x64',
  'linux-arm64': '@klock-protocol/core-linux-arm64',
};

const VERBS = [
  'register_agent', 'acquire', 'acquire_all', 'declare_intents', 'heartbeat', 'release', 'revoke', 'list_leases', 'list_waiters',
  'list_agents', 'change_lease', 'renew_session', 'end_session', 'events', 'snapshot', 'submit', 'collect', 'cancel',
];

const OF_BUNDLES = 'A bundler cannot take in what is native: leave @klock-protocol/core out of the bundle, or at the least koffi ' +
  '(with esbuild --external:koffi), and ship node_modules with it.';

const PLATFORM = `${process.platform}-${process.arch}`;

/** A file of the platform's package; undefined when there is no such package here. */
function platformFile(name) {
  try {
    return path.join(path.dirname(require.resolve(`${PACKAGES[PLATFORM]}/package.json`)), name);
  } catch {
    return undefined;
  }
}

// Checked only when the library cannot be loaded: the report takes longer than all else.
function hasMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

function fromPackage() {
  const file = platformFile(FILE_NAME);
  if (file !== undefined) return file;
  const name = PACKAGES[PLATFORM];
  if (name === undefined || hasMusl()) {
    throw new KlockLibraryError(
      `Klock has no native library for ${PLATFORM}${name === undefined ? '' : ' with musl'}: there is one for ` +
        `${Object.keys(PACKAGES).join(', ')} with glibc. Set KLOCK_LIBRARY to one that you built, or use KlockHttpClient with a ` +
        'server elsewhere.',
    );
  }
  throw new KlockLibraryError(
    `The package ${name} is not installed, and it carries Klock's native library: install it with ` +
      `@klock-protocol/core (without --omit=optional), or set KLOCK_LIBRARY to a libklock.so. ${OF_BUNDLES}`,
  );
}

/** The path of the library: what KLOCK_LIBRARY names, else the one in the platform's package. */
function findLibrary() {
  const named = process.env.KLOCK_LIBRARY;
  if (!named) return fromPackage();
  if (!fs.statSync(named, { throwIfNoEntry: false })?.isFile()) {
    throw new KlockLibraryError(`KLOCK_LIBRARY names ${named}, and there is no such file.`);
  }
  return path.resolve(named); // the loader looks up a bare name in the system's folders
}

function loadKoffi() {
  try {
    return require('koffi');
  } catch (problem) {
    const why = String(problem?.message).split('\n')[0].replace(/[.?!]+$/, '');
    throw new KlockLibraryError(`koffi, through which Klock's native library is called, could not be loaded: ${why}. ${OF_BUNDLES}`);
  }
}

function bind(koffi, file) {
  const dll = koffi.load(file);
  const abiVersion = dll.func('klock_abi_version', 'uint32', [])();
  if (abiVersion !== ABI_VERSION) throw new Error(`its ABI version is ${abiVersion}, this package needs ${ABI_VERSION}`);
  // The text of an answer is copied into a JavaScript string, and given back to the library, in one step.
  const answer = koffi.disposable('str', dll.func('klock_free', 'void', ['void *']));
  const library = {
    openText: dll.func('klock_open', 'void *', ['str', koffi.out(koffi.pointer(answer))]),
    close: dll.func('klock_close', 'void', ['void *']),
    canonicalPath: dll.func('klock_canonical_path', answer, ['str']),
    evict_expired: dll.func('klock_evict_expired', answer, ['void *']),
  };
  for (const verb of VERBS) library[verb] = dll.func(`klock_${verb}`, answer, ['void *', 'str']);
  return library;
}

let loaded;

/** The functions of the library. Throws KlockLibraryError. */
function library() {
  if (loaded === undefined) {
    const file = findLibrary();
    const koffi = loadKoffi();
    try {
      loaded = bind(koffi, file);
    } catch (problem) {
      throw new KlockLibraryError(`Klock's library ${file} could not be used: ${problem.message}`);
    }
  }
  return loaded;
}

module.exports = { library, platformFile };
