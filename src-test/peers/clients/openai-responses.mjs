// Responses with the OpenAI SDK.

import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import OpenAI from 'openai';
import { BASE, CITY, KEY, MODEL, OSLO, PIXEL, PIXEL_SEEN, PROMPT, TOOLS, all, rejects, run, taskDone, use } from './cases.mjs';

const client = new OpenAI({ baseURL: BASE + '/v1', apiKey: KEY, timeout: 30000 });
const tools = TOOLS.map((tool) => ({ type: 'function', strict: true, ...tool }));
const user = (content) => ({ role: 'user', content });
const ask = (input, more = {}) => client.responses.create({ model: MODEL, input, ...more });
const calls = (response) => response.output.filter((item) => item.type === 'function_call');
const results = (response) =>
  calls(response).map((call) => ({
    type: 'function_call_output',
    call_id: call.call_id,
    output: use(call.name, JSON.parse(call.arguments)),
  }));
const plain = ({ parsed_arguments, ...item }) => item;

async function task(turn) {
  const input = [user(PROMPT)];
  for (;;) {
    const response = await turn({ model: MODEL, input, tools, store: false });
    if (!calls(response).length) return taskDone(response.output_text);
    input.push(...response.output.map(plain), ...results(response));
  }
}

await run({
  async answer() {
    const said = await ask('hello');
    ok(said.output_text);
    ok(said.usage.input_tokens > 0 && said.usage.output_tokens > 0);
  },
  async streamedAnswer() {
    const events = await all(await ask('hello', { stream: true }));
    const deltas = events.filter((event) => event.type === 'response.output_text.delta');
    strictEqual(events.at(-1).type, 'response.completed');
    strictEqual(deltas.map((event) => event.delta).join(''), (await ask('hello')).output_text);
  },
  async tools() {
    await task((request) => client.responses.create(request));
  },
  async streamedTools$translated() {
    await task((request) => client.responses.stream(request).finalResponse());
  },
  async toolsFromWhereItWas$translated() {
    let response = await ask(PROMPT, { tools });
    while (calls(response).length) {
      response = await ask(results(response), { tools, previous_response_id: response.id });
    }
    taskDone(response.output_text);
  },
  async structured$translated$scripted() {
    const format = { type: 'json_schema', name: 'city', schema: CITY, strict: true };
    const said = await ask('Which city?', { text: { format } });
    deepStrictEqual(JSON.parse(said.output_text), OSLO);
  },
  async image$translated$scripted() {
    const said = await ask([
      user([
        { type: 'input_text', text: 'What is this?' },
        { type: 'input_image', image_url: 'data:image/png;base64,' + PIXEL, detail: 'auto' },
      ]),
    ]);
    strictEqual(said.output_text, PIXEL_SEEN);
  },
  async unknownModel() {
    const error = await rejects(OpenAI.NotFoundError, () => ask('hello', { model: 'nobody' }));
    strictEqual(error.code, 'model_not_found');
  },
  async wrongKey$keys() {
    const wrong = client.withOptions({ apiKey: 'another-key' });
    await rejects(OpenAI.AuthenticationError, () => wrong.responses.create({ model: MODEL, input: 'hello' }));
  },
  async busyIsTriedAgain$translated$scripted() {
    strictEqual((await ask('responses from Node', { model: 'busy' })).output_text, 'You said: responses from Node');
  },
  async deathInTheMiddleIsNoAnswer$translated$scripted() {
    const request = { model: 'dying', input: 'say something long' };
    await rejects(Error, () => client.responses.stream(request).finalResponse());
    await rejects(Error, () => client.withOptions({ maxRetries: 0 }).responses.create(request));
  },
  async leaving$translated$scripted() {
    const stream = await ask('something endless', { model: 'slow', stream: true });
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
  },
});
