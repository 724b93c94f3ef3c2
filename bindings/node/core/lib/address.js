'use strict';
// Where a server is: its URL, or its socket on this machine.

const path = require('node:path');
const { invalid } = require('./codec.js');

// localhost and its subdomains (RFC 6761), 127.0.0.0/8, ::1, and addresses that reach this machine when one connects to them.
const HERE = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

// The form in which klock_canonical_path returns a socket.
const UNIX = 'unix:';

function parsed(baseUrl, subject) {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalid(`${subject} is no address: it must be as in http://localhost:3100.`);
  }
  if (url.username || url.password) throw invalid(`${subject} has a user or a password in it, which is not sent: a key goes into apiKey.`);
  return url;
}

function ofSocket(socketPath, baseUrl) {
  if (baseUrl !== undefined) throw invalid('baseUrl and socketPath are both there: a server is at one of them.');
  if (typeof socketPath !== 'string' || socketPath === '' || socketPath.includes('\0')) {
    throw invalid('socketPath is no path: it must be that of a server\'s Unix socket.');
  }
  return { url: new URL('http://localhost'), socketPath: path.resolve(socketPath), isHere: true };
}

/** An address: `url`, `isHere` when it is this machine, `socketPath` when it is a socket, and `name` for messages. */
function addressOf(baseUrl, socketPath, subject = 'baseUrl') {
  if (typeof baseUrl === 'string' && baseUrl.startsWith(UNIX)) return addressOf(undefined, socketPath ?? baseUrl.slice(UNIX.length));
  if (socketPath !== undefined) {
    const address = ofSocket(socketPath, baseUrl);
    return { ...address, base: 'http://localhost', name: `${UNIX}${address.socketPath}` };
  }
  const url = parsed(baseUrl ?? 'http://localhost:3100', subject);
  return { url, isHere: HERE.test(url.hostname), base: url.href.replace(/\/+$/, ''), name: url.origin };
}

/** The addresses of the servers of one cluster, whose URLs have commas between them; of one server mostly. */
function addressesOf(baseUrl, socketPath) {
  const isList = typeof baseUrl === 'string' && baseUrl.includes(',') && !baseUrl.startsWith(UNIX) && socketPath === undefined;
  if (!isList) return [addressOf(baseUrl, socketPath)];
  const urls = baseUrl.split(',').map((url) => url.trim());
  return urls.map((url, index) => addressOf(url, undefined, `baseUrl, server ${index + 1} of ${urls.length},`));
}

/** The server that the environment names, as options of KlockHttpClient; undefined when it names none. */
function namedServer() {
  const { KLOCK_SERVER: baseUrl, KLOCK_SOCKET: socketPath } = process.env;
  return baseUrl ? { baseUrl } : socketPath ? { socketPath } : undefined;
}

module.exports = { addressesOf, namedServer };
