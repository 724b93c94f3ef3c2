#!/usr/bin/env node
// hook.mjs SOCKET CLIENT EVENT: brings a hook call to the test that listens on SOCKET, and does what it is told there.
import fs from 'node:fs';
import net from 'node:net';

const [socket, client, event] = process.argv.slice(2);
const text = fs.readFileSync(0, 'utf8');
const call = {
  client, event, input: text.trim() === '' ? {} : JSON.parse(text), environment: process.env, pid: process.pid, parent: process.ppid,
  directory: process.cwd(),
};
const answer = [];
const connection = net.connect(socket, () => connection.end(JSON.stringify(call)));
connection.on('data', (data) => answer.push(data));
connection.on('error', (error) => fail(error.message));
connection.on('end', () => {
  if (answer.length === 0) return fail('the test ended without an answer');
  const { stdout = '', stderr = '', code = 0 } = JSON.parse(Buffer.concat(answer).toString('utf8'));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
});

function fail(why) {
  process.stderr.write(`hook.mjs: ${why}\n`);
  process.exitCode = 1;
}
