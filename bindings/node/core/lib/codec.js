'use strict';
// Requests to JSON and answers from it. The wire has snake_case, JavaScript has camelCase.

const { KlockError } = require('./errors.js');

const MAX_REQUEST_BYTES = 1048576;

const camelNames = new Map();
const snakeNames = new Map();

function remember(names, name, made) {
  // There are few field names; those that a caller makes up must not be kept for ever.
  if (names.size < 1000) names.set(name, made);
  return made;
}

function camel(name) {
  return camelNames.get(name) ?? remember(camelNames, name, name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
}

function snake(name) {
  return snakeNames.get(name) ?? remember(snakeNames, name, name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase()));
}

function renamed(value, rename) {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (value === null || typeof value !== 'object') return value;
  const made = {};
  for (const name of Object.keys(value)) made[rename(name)] = renamed(value[name], rename);
  return made;
}

/** An answer, or a part of one, with its fields in camelCase. */
function toCamel(value) {
  return renamed(value, camel);
}

function invalid(message) {
  return new KlockError('INVALID_REQUEST', message);
}

function tooLarge() {
  return new KlockError('PAYLOAD_TOO_LARGE', `The request is larger than ${MAX_REQUEST_BYTES} bytes, which is the most allowed.`);
}

// JSON has integers of any size; JavaScript's own writer refuses BigInt.
function text(value) {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function fieldByField(request) {
  const fields = [];
  for (const name of Object.keys(request)) {
    const value = text(request[name]);
    if (value !== undefined) fields.push(`"${name}":${value}`);
  }
  return `{${fields.join(',')}}`;
}

function unwritable(request, problem) {
  for (const name of Object.keys(request)) {
    try {
      text(request[name]);
    } catch {
      return invalid(`${camel(name)} cannot be written as JSON: ${problem.message}`);
    }
  }
  return invalid(`The request cannot be written as JSON: ${problem.message}`);
}

/** The JSON of a request whose fields have wire names. Throws KlockError for what JSON cannot represent. */
function encode(request) {
  for (const name in request) {
    // Half a gigabyte would take long to write, only to be refused.
    if (request[name]?.length > MAX_REQUEST_BYTES && typeof request[name] === 'string') throw tooLarge();
  }
  let json;
  try {
    json = JSON.stringify(request);
  } catch {
    json = encodeWithCare(request);
  }
  if (json.length > MAX_REQUEST_BYTES) throw tooLarge();
  return json;
}

function encodeWithCare(request) {
  try {
    return fieldByField(request);
  } catch (problem) {
    // A text of half a gigabyte leaves no room for its quotes.
    throw /string length/.test(problem?.message) ? tooLarge() : unwritable(request, problem);
  }
}

/** A value of the caller's, with wire names: an object of any depth. Names the parameter when it is no object. */
function toSnake(value, name) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw invalid(`${name} is ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}: it must be an object.`);
  }
  try {
    return renamed(value, snake);
  } catch (problem) {
    if (problem instanceof RangeError) throw invalid(`${name} contains itself, or is nested too deep.`);
    throw problem;
  }
}

const FIELDS = /\b(?:(?:agent|session|lease|request)_id|resource_(?:type|path)|wait_ms)\b/g;

/** The sentence of an error, with fields named as they are in JavaScript. */
function sentence(message) {
  return message.replace(FIELDS, camel);
}

/** The advice of a refusal: its one field name is at the end, after all text that agents have written. */
function advice(message) {
  return message && message.replace(/\bwait_ms\b(?=[^;]*$)/, 'waitMs');
}

/** The answer in wire format; throws if it is an error. */
function checked(answer) {
  if (answer.code !== undefined) throw new KlockError(answer.code, sentence(answer.error));
  return answer;
}

function decode(json) {
  if (json === null) throw new KlockError('INTERNAL', 'No memory was left for the answer.');
  return checked(JSON.parse(json));
}

module.exports = { advice, encode, decode, checked, toCamel, toSnake, invalid };
