// Reads {"document": …, "answers": [{method, path, status, body}, …]} from stdin and prints what is wrong, a line each.
// The document must be OpenAPI; each answer must be as the document says, and have no field that it does not name.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";

const { document, answers } = JSON.parse(readFileSync(0, "utf8"));
const problems = [];

const verdict = await new Validator().validate(structuredClone(document));
if (!verdict.valid) {
  problems.push(`not OpenAPI: ${JSON.stringify(verdict.errors)}`);
}

function closeObjects(schema) {
  if (schema !== null && typeof schema === "object") {
    if (schema.type === "object" && schema.properties) {
      schema.additionalProperties = false;
    }
    Object.values(schema).forEach(closeObjects);
  }
}

function findOperation(method, path) {
  const parts = path.split("?")[0].split("/");
  for (const [pattern, item] of Object.entries(document.paths)) {
    const wanted = pattern.split("/");
    if (wanted.length === parts.length && wanted.every((part, i) => part.startsWith("{") || part === parts[i])) {
      return item[method.toLowerCase()];
    }
  }
  return undefined;
}

const { components } = document;
closeObjects(components);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const answered = new Set();
for (const { method, path, status, body } of answers) {
  const operation = findOperation(method, path);
  const schema = operation?.responses?.[status]?.content?.["application/json"]?.schema;
  if (schema === undefined) {
    problems.push(`${method} ${path}: ${status} is not documented`);
    continue;
  }
  answered.add(`${operation.operationId} ${status}`);
  const closed = structuredClone(schema);
  closeObjects(closed);
  const check = ajv.compile({ ...closed, components });
  if (!check(JSON.parse(body))) {
    problems.push(`${method} ${path} ${status}: ${ajv.errorsText(check.errors)} in ${body}`);
  }
}

for (const item of Object.values(document.paths)) {
  for (const operation of Object.values(item)) {
    const done = Object.keys(operation.responses).find((status) => status.startsWith("2"));
    const isJson = operation.responses[done].content["application/json"] !== undefined;
    if (isJson && operation.operationId !== "document" && !answered.has(`${operation.operationId} ${done}`)) {
      problems.push(`${operation.operationId}: no answer with ${done} was tried`);
    }
  }
}

console.log(problems.join("\n"));
