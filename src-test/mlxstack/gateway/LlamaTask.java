package mlxstack.gateway;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import mlxstack.engine.ScriptedGguf;

/** A model for the real llama.cpp server that does the {@link Task}: its chat template knows how far the task is. */
public final class LlamaTask {

    static final String PLAIN = "There is nothing to do.";

    private static final String TEMPLATE = """
            {%- set ns = namespace(tool='', done=0) -%}
            {%- if tools -%}<|im_start|>system
            <tools>
            {%- for tool in tools -%}
            {{ tool.function.name }} {% if tool.function.name in [TOOLS] -%}{%- set ns.tool = tool.function.name -%}{%- endif -%}
            {%- endfor -%}
            </tools><|im_end|>
            {% endif -%}
            {%- for message in messages -%}
            {%- if message.role == 'tool' -%}{%- set ns.done = ns.done + 1 -%}{%- endif -%}
            <|im_start|>{{ message.role }}
            {% if message.content is string -%}{{ message.content[:100] }}{%- endif -%}
            {%- if message.tool_calls -%}
            {%- for call in message.tool_calls -%}
            <tool_call>
            {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
            </tool_call>
            {%- endfor -%}
            {%- endif -%}
            <|im_end|>
            {% endfor -%}
            {%- if add_generation_prompt -%}<|im_start|>assistant
            {% if ns.tool == '' -%}<|plain|>{%- elif ns.done == 0 -%}<|{{ ns.tool }} 0|>
            {%- elif ns.done == 1 -%}<|{{ ns.tool }} 1|>{%- else -%}<|{{ ns.tool }} 2|>{%- endif -%}
            {%- endif -%}
            """;

    private LlamaTask() {}

    /**
     * @param file which the task is about
     * @return {@code model}
     */
    public static Path write(Path model, String file) throws IOException {
        var answers = new LinkedHashMap<String, String>();
        answers.put("<|plain|>", PLAIN);
        var names = new StringBuilder();
        for (Task task : Task.all(file)) {
            names.append(names.isEmpty() ? "" : ", ")
                    .append('\'')
                    .append(task.tool())
                    .append('\'');
            for (int turn = 0; turn < task.calls().size(); turn++) {
                var call = task.calls().get(turn);
                answers.put(
                        cue(task, turn),
                        "<tool_call>\n"
                                + new JsonObject()
                                        .put("name", call.tool())
                                        .put("arguments", call.arguments())
                                        .encode()
                                + "\n</tool_call>");
            }
            answers.put(cue(task, task.calls().size()), Task.ANSWER);
        }
        return ScriptedGguf.write(model, answers, TEMPLATE.replace("TOOLS", names));
    }

    private static String cue(Task task, int turn) {
        return "<|%s %d|>".formatted(task.tool(), turn);
    }

    public static void main(String... arguments) throws IOException {
        write(Path.of(arguments[0]), arguments[1]);
    }
}
