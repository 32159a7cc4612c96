// Chat completions, embeddings and the list of models with the OpenAI SDK.

import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import OpenAI from 'openai';
import { BASE, CITY, KEY, MODEL, OSLO, PIXEL, PIXEL_SEEN, PROMPT, TOOLS, all, rejects, run, taskDone, use } from './cases.mjs';

const client = new OpenAI({ baseURL: BASE + '/v1', apiKey: KEY, timeout: 30000 });
const tools = TOOLS.map((tool) => ({ type: 'function', function: tool }));
const user = (content) => ({ role: 'user', content });
const ask = (text, more = {}) => client.chat.completions.create({ model: MODEL, messages: [user(text)], ...more });
const results = (message) =>
  message.tool_calls.map((call) => ({
    role: 'tool',
    tool_call_id: call.id,
    content: use(call.function.name, JSON.parse(call.function.arguments)),
  }));

async function task(turn) {
  const messages = [user(PROMPT)];
  for (;;) {
    const message = await turn({ model: MODEL, messages, tools });
    messages.push(message);
    if (!message.tool_calls?.length) return taskDone(message.content);
    messages.push(...results(message));
  }
}

await run({
  async answer() {
    const said = await ask('hello');
    ok(said.choices[0].message.content);
    ok(said.usage.prompt_tokens > 0 && said.usage.completion_tokens > 0);
  },
  async streamedAnswer() {
    const chunks = await all(await ask('hello', { stream: true, stream_options: { include_usage: true } }));
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    strictEqual(text, (await ask('hello')).choices[0].message.content);
    ok(chunks.at(-1).usage.completion_tokens > 0);
  },
  async tools() {
    await task(async (request) => (await client.chat.completions.create(request)).choices[0].message);
  },
  async streamedTools() {
    await task(async (request) => client.chat.completions.stream(request).finalMessage());
  },
  async runTools() {
    const functions = TOOLS.map((tool) => ({
      type: 'function',
      function: { ...tool, parse: JSON.parse, function: (args) => use(tool.name, args) },
    }));
    const runner = client.chat.completions.runTools({ model: MODEL, messages: [user(PROMPT)], tools: functions });
    taskDone(await runner.finalContent());
  },
  async parallelTools$scripted() {
    writeFileSync('note.txt', '');
    const messages = [user('Read it with both.')];
    const { message } = (await client.chat.completions.create({ model: MODEL, messages, tools })).choices[0];
    messages.push(message, ...results(message));
    const said = await client.chat.completions.create({ model: MODEL, messages, tools });
    strictEqual(said.choices[0].message.content, '2 results');
  },
  async structured$scripted() {
    const format = { type: 'json_schema', json_schema: { name: 'city', schema: CITY, strict: true } };
    const said = await ask('Which city?', { response_format: format });
    deepStrictEqual(JSON.parse(said.choices[0].message.content), OSLO);
  },
  async image$scripted() {
    const url = { url: 'data:image/png;base64,' + PIXEL };
    const said = await ask([
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: url },
    ]);
    strictEqual(said.choices[0].message.content, PIXEL_SEEN);
  },
  async embeddings$scripted() {
    const both = await client.embeddings.create({ model: MODEL, input: ['a', 'b'] });
    const vector = [0.25, -0.5, 0.75];
    deepStrictEqual(both.data.map((item) => item.embedding), [vector, vector]);
  },
  async models() {
    ok((await all(client.models.list())).some((model) => model.id === MODEL));
    strictEqual((await client.models.retrieve(MODEL)).id, MODEL);
    await rejects(OpenAI.NotFoundError, () => client.models.retrieve('nobody'));
  },
  async unknownModel() {
    const error = await rejects(OpenAI.NotFoundError, () => ask('hello', { model: 'nobody' }));
    strictEqual(error.code, 'model_not_found');
  },
  async refusedRequest$scripted() {
    const messages = [{ role: 'assistant', content: 'I end' }];
    const error = await rejects(OpenAI.BadRequestError, () => ask('', { messages }));
    ok(error.message.includes('ends with'), error.message);
  },
  async wrongKey$keys() {
    const wrong = client.withOptions({ apiKey: 'another-key' });
    const request = { model: MODEL, messages: [user('hello')] };
    await rejects(OpenAI.AuthenticationError, () => wrong.chat.completions.create(request));
  },
  async busyIsTriedAgain$scripted() {
    const said = await ask('chat from Node', { model: 'busy' });
    strictEqual(said.choices[0].message.content, 'You said: chat from Node');
  },
  async deathInTheMiddleIsNoAnswer$scripted() {
    await rejects(Error, async () => all(await ask('say something long', { model: 'dying', stream: true })));
    const once = client.withOptions({ maxRetries: 0 });
    await rejects(Error, () => once.chat.completions.create({ model: 'dying', messages: [user('long')] }));
  },
  async leaving$scripted() {
    const stream = await ask('something endless', { model: 'slow', stream: true });
    for await (const chunk of stream) if (chunk.choices[0].delta.content) break;
  },
});
