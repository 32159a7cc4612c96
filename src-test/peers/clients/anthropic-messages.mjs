// Messages with the Anthropic SDK.

import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import Anthropic from '@anthropic-ai/sdk';
import { BASE, KEY, MODEL, PIXEL, PIXEL_SEEN, PROMPT, TOOLS, all, rejects, run, taskDone, use } from './cases.mjs';

const client = new Anthropic({ baseURL: BASE, apiKey: KEY, timeout: 30000 });
const tools = TOOLS.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters }));
const user = (content) => ({ role: 'user', content });
const asking = (text, more = {}) => ({ model: MODEL, max_tokens: 500, messages: [user(text)], ...more });
const ask = (text, more) => client.messages.create(asking(text, more));
const text = (message) => message.content.map((block) => block.text ?? '').join('');
const results = (message) =>
  user(
    message.content
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({ type: 'tool_result', tool_use_id: block.id, content: use(block.name, block.input) })),
  );

async function task(turn) {
  const messages = [user(PROMPT)];
  for (;;) {
    const message = await turn({ model: MODEL, max_tokens: 500, messages, tools });
    if (message.stop_reason !== 'tool_use') return taskDone(text(message));
    messages.push({ role: 'assistant', content: message.content }, results(message));
  }
}

const runnable = () =>
  tools.map((tool) => ({ ...tool, run: (input) => use(tool.name, input), parse: (input) => input }));

await run({
  async answer() {
    const said = await ask('hello', { system: [{ type: 'text', text: 'Be brief.' }] });
    ok(text(said));
    ok(said.usage.input_tokens > 0 && said.usage.output_tokens > 0);
  },
  async streamedAnswer() {
    const whole = await client.messages.stream(asking('hello')).finalMessage();
    strictEqual(text(whole), text(await ask('hello')));
    strictEqual(whole.stop_reason, 'end_turn');
    ok(whole.usage.output_tokens > 0);
  },
  async tools() {
    await task((request) => client.messages.create(request));
  },
  async streamedTools() {
    await task((request) => client.messages.stream(request).finalMessage());
  },
  async toolRunner$threads() {
    taskDone(text(await client.beta.messages.toolRunner(asking(PROMPT, { tools: runnable() }))));
  },
  async image$translated$scripted() {
    const source = { type: 'base64', media_type: 'image/png', data: PIXEL };
    const said = await ask([
      { type: 'image', source },
      { type: 'text', text: 'What is this?' },
    ]);
    strictEqual(text(said), PIXEL_SEEN);
  },
  async thinking$translated$scripted() {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const said = await client.messages.stream(asking('think', { max_tokens: 2000, thinking })).finalMessage();
    deepStrictEqual(said.content.map((block) => block.type), ['thinking', 'text']);
    strictEqual(said.content[0].thinking, 'One step after the other.');
  },
  async countTokens() {
    const count = async (content) =>
      (await client.messages.countTokens({ model: MODEL, messages: [user(content)] })).input_tokens;
    ok((await count('hello')) < (await count('hello '.repeat(15))));
  },
  async models() {
    const listed = (await all(client.models.list())).filter((model) => model.id === MODEL);
    deepStrictEqual(listed.map((model) => model.type), ['model']);
    strictEqual((await client.models.retrieve(MODEL)).id, MODEL);
  },
  async unknownModel() {
    const error = await rejects(Anthropic.NotFoundError, () => ask('hello', { model: 'nobody' }));
    strictEqual(error.error.error.type, 'not_found_error');
  },
  async wrongKey$keys() {
    const wrong = client.withOptions({ apiKey: 'another-key' });
    const error = await rejects(Anthropic.AuthenticationError, () => wrong.messages.create(asking('hello')));
    strictEqual(error.error.error.type, 'authentication_error');
  },
  async busyIsTriedAgain$translated$scripted() {
    strictEqual(text(await ask('messages from Node', { model: 'busy' })), 'You said: messages from Node');
  },
  async deathInTheMiddleIsNoAnswer$translated$scripted() {
    const request = asking('say something long', { model: 'dying' });
    await rejects(Error, () => client.messages.stream(request).finalMessage());
    await rejects(Error, () => client.withOptions({ maxRetries: 0 }).messages.create(request));
  },
  async leaving$translated$scripted() {
    const stream = await ask('something endless', { model: 'slow', stream: true });
    for await (const event of stream) if (event.type === 'content_block_delta') break;
  },
});
