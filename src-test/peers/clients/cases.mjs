// Runs a program's cases against BASE_URL: program.mjs BASE_URL MODEL [TAG...]; a case runs when all its tags are given.

import { deepStrictEqual } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';

const [, , base, model, ...tags] = process.argv;
export const BASE = base;
export const MODEL = model;
export const KEY = 'a-key';
export const LINE = 'mlxstack was here';
export const PROMPT = `Write the line "${LINE}" into note.txt, read it back, and say what it says.`;
export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
export const PIXEL_SEEN = 'I see image/png of 70 bytes';

const path = { type: 'string', description: 'where, relative to here' };
const object = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
export const TOOLS = [
  { name: 'write_file', description: 'Writes a file.', parameters: object({ path, content: { type: 'string' } }) },
  { name: 'read_file', description: 'Reads a file.', parameters: object({ path }) },
];
export const CITY = object({ city: { type: 'string' }, people: { type: 'integer' } });
export const OSLO = { city: 'Oslo', people: 717710 };

const done = [];

/** Does what the model wants, and says how it went. */
export function use(name, args) {
  done.push(name);
  if (name === 'write_file') {
    writeFileSync(args.path, args.content);
    return 'written';
  }
  return readFileSync(args.path, 'utf8');
}

export function taskDone(answer) {
  deepStrictEqual(done, ['write_file', 'read_file']);
  deepStrictEqual(answer, 'The file says: ' + LINE);
}

export async function rejects(kind, call) {
  let found;
  try {
    found = await call();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`found ${JSON.stringify(found)}, expected ${kind.name}`);
}

export async function all(stream) {
  const found = [];
  for await (const each of stream) found.push(each);
  return found;
}

/** Cases by name; a name may be followed by the tags that it needs: `reasoning$scripted`. */
export async function run(cases) {
  for (const [title, test] of Object.entries(cases)) {
    const [name, ...needed] = title.split('$');
    if (!needed.every((tag) => tags.includes(tag))) continue;
    done.length = 0;
    try {
      await test();
      console.log('ok', name);
    } catch (error) {
      process.exitCode = 1;
      console.log('FAILED', name, error);
    }
  }
}
