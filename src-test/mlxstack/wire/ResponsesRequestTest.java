package mlxstack.wire;

import static mlxstack.wire.Same.LOCAL;
import static mlxstack.wire.Same.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ResponsesRequestTest {

    private static final String CODEX_START = """
            {'type':'message','role':'developer','content':[{'type':'input_text','text':'You are Codex.'}]},
            {'type':'message','role':'developer','content':[{'type':'input_text','text':'Sandbox: none.'}]},
            {'type':'message','role':'user','content':[{'type':'input_text','text':'<env>'},{'type':'input_text','text':'cwd'}]},
            {'type':'message','role':'user','content':[{'type':'input_text','text':'Write a file.'}]}
            """;

    private static final String CODEX_TURN = """
            ,{'type':'reasoning','summary':[{'type':'summary_text','text':'I shall write.'}],'encrypted_content':null}
            ,{'type':'function_call','id':'fc_1','call_id':'call_a','name':'exec_command','arguments':'{`cmd`:`ls`}','status':'completed'}
            ,{'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text','text':'Looking.','annotations':[]}]}
            ,{'type':'function_call_output','call_id':'call_a','output':'a.txt'}
            """;

    private static ObjectNode chat(String request) throws Exception {
        return chat(object(request), LOCAL);
    }

    private static ObjectNode chat(ObjectNode request, Options options) throws Exception {
        return object(new ResponsesToChat(request, "backend-model", options, _ -> {}).request());
    }

    private static JsonNode messages(String input) throws Exception {
        return chat("{'model':'m','input':%s}".formatted(input)).path("messages");
    }

    private static BadRequest refused(String request) {
        return catchThrowableOfType(BadRequest.class, () -> chat(request));
    }

    @Test
    void textIsTheUsers() throws Exception {
        Same.json(chat("{'model':'m','input':'hi','instructions':'Be kind.','stream':true}"), """
                {'model':'backend-model','messages':[{'role':'system','content':'Be kind.'},{'role':'user','content':'hi'}],
                 'stream':true,'stream_options':{'include_usage':true}}
                """);
    }

    @Test
    void codexHasOneSystemMessageAndOneTurnOfTheAssistant() throws Exception {
        Same.json(messages("[" + CODEX_START + CODEX_TURN + "]"), """
                [{'role':'system','content':'You are Codex.\\n\\nSandbox: none.'},
                 {'role':'user','content':'<env>\\n\\ncwd\\n\\nWrite a file.'},
                 {'role':'assistant','content':'Looking.','reasoning_content':'I shall write.','tool_calls':[
                   {'id':'call_a','type':'function','function':{'name':'exec_command','arguments':'{`cmd`:`ls`}'}}]},
                 {'role':'tool','tool_call_id':'call_a','content':'a.txt'}]
                """);
    }

    @Test
    void eachTurnsMessagesBeginWithThoseOfTheTurnBefore() throws Exception {
        String[] turns = {
            CODEX_START,
            CODEX_TURN,
            ",{'role':'developer','content':'Approvals: never.'},{'role':'user','content':'Go on.'}",
            """
            ,{'type':'function_call','call_id':'b','name':'x','arguments':'{}'}
            ,{'type':'function_call','call_id':'c','name':'y','arguments':'{}'}
            ,{'type':'function_call_output','call_id':'b','output':'1'}
            ,{'type':'function_call_output','call_id':'c','output':[{'type':'input_text','text':'2'}]}
            """,
            ",{'role':'assistant','content':[{'type':'output_text','text':'Done.'}]},{'role':'user','content':'Thanks'}",
        };
        JsonNode before = Json.array();
        var input = new StringBuilder();
        for (String turn : turns) {
            input.append(turn);
            var now = messages("[" + input + "]");
            assertThat(now.size()).isGreaterThan(before.size());
            for (int i = 0; i < before.size(); i++) {
                assertThat(now.get(i)).as("message %d of turn %s", i, turn).isEqualTo(before.get(i));
            }
            before = now;
        }
        assertThat(Json.text(before))
                .contains("<system-reminder>\\nApprovals: never.\\n</system-reminder>\\n\\nGo on.");
    }

    @Test
    void outputsFollowTheirTurnThoughTheUserSpokeInBetween() throws Exception {
        Same.json(messages("""
                        [{'role':'user','content':'a'},
                         {'type':'function_call','call_id':'1','name':'f','arguments':''},
                         {'type':'function_call','call_id':'2','name':'f','arguments':'not json'},
                         {'role':'user','content':'stop'},
                         {'type':'function_call_output','call_id':'2','output':[
                            {'type':'input_text','text':'seen'},{'type':'input_image','image_url':'data:image/png;base64,AA'}]},
                         {'type':'function_call_output','call_id':'1','output':'one'},
                         {'type':'function_call','call_id':'3','name':'f','arguments':'{}'}]
                        """), """
                [{'role':'user','content':'a'},
                 {'role':'assistant','content':null,'tool_calls':[
                   {'id':'1','type':'function','function':{'name':'f','arguments':'{}'}},
                   {'id':'2','type':'function','function':{'name':'f','arguments':'{`unreadable_arguments`:`not json`}'}}]},
                 {'role':'tool','tool_call_id':'2','content':'seen'},
                 {'role':'tool','tool_call_id':'1','content':'one'},
                 {'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA'}},{'type':'text','text':'stop'}]},
                 {'role':'assistant','content':null,'tool_calls':[
                   {'id':'3','type':'function','function':{'name':'f','arguments':'{}'}}]},
                 {'role':'tool','tool_call_id':'3','content':'(no output)'}]
                """);
    }

    @Test
    void aChatEndsWithTheUserThoughAStreamBrokeBefore() throws Exception {
        Same.json(
                messages(
                        "[{'role':'user','content':'a'},{'role':'assistant','content':[{'type':'output_text','text':'b'}]}]"),
                "[{'role':'user','content':'a'},{'role':'assistant','content':'b'},{'role':'user','content':'Go on.'}]");
    }

    @Test
    void imagesFilesAndSoundAreParts() throws Exception {
        Same.json(messages("""
                        [{'role':'user','content':[
                          {'type':'input_text','text':'What?'},
                          {'type':'input_image','image_url':'data:image/png;base64,AA','detail':'high'},
                          {'type':'input_file','filename':'a.pdf','file_data':'data:application/pdf;base64,BB'},
                          {'type':'input_audio','input_audio':{'data':'CC','format':'wav'}}]}]
                        """), """
                [{'role':'user','content':[
                  {'type':'text','text':'What?'},
                  {'type':'image_url','image_url':{'url':'data:image/png;base64,AA','detail':'high'}},
                  {'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,BB'}},
                  {'type':'input_audio','input_audio':{'data':'CC','format':'wav'}}]}]
                """);
    }

    @Test
    void toolsOfAllKinds() throws Exception {
        var chat = chat("""
                {'model':'m','input':'x','parallel_tool_calls':true,'tool_choice':'auto','tools':[
                  {'type':'function','name':'f','description':'d','strict':false,'parameters':{'type':'object'},'output_schema':{}},
                  {'type':'function','name':'bare'},
                  {'type':'namespace','name':'multi_agent_v1','tools':[{'type':'function','name':'spawn','parameters':{'type':'object'}}]},
                  {'type':'custom','name':'apply_patch','description':'Patch.','format':{'type':'grammar','syntax':'lark','definition':'start: X'}},
                  {'type':'web_search','external_web_access':true},{'type':'mcp','server_label':'s'}]}
                """);
        Same.json(chat.path("tools"), """
                [{'type':'function','function':{'name':'f','description':'d','parameters':{'type':'object'},'strict':false}},
                 {'type':'function','function':{'name':'bare','parameters':{'type':'object','properties':{}}}},
                 {'type':'function','function':{'name':'multi_agent_v1__spawn','parameters':{'type':'object'}}},
                 {'type':'function','function':{'name':'apply_patch','description':'Patch.\\n\\nThe input follows this grammar (lark):\\nstart: X',
                   'parameters':{'type':'object','properties':{'input':{'type':'string','description':'The whole input of the tool, as it is'}},
                   'required':['input'],'additionalProperties':false}}}]
                """);
        assertThat(Json.text(chat, "tool_choice")).isEqualTo("auto");
        assertThat(Json.flag(chat, "parallel_tool_calls")).isTrue();
    }

    @Test
    void onlyForeignToolsAreNone() throws Exception {
        var chat = chat(
                "{'model':'m','input':'x','parallel_tool_calls':true,'tool_choice':'required','tools':[{'type':'web_search'}]}");
        assertThat(chat.propertyNames()).containsExactly("model", "messages");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'function','name':'f'} | 'required' | 1",
                "{'type':'function','namespace':'n','name':'g'} | 'required' | 1",
                "{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'f'}]} | 'required' | 1",
                "{'type':'web_search'} | null | 2",
                "'none' | 'none' | 2",
            })
    void choices(String choice, String expected, int tools) throws Exception {
        var chat = chat("""
                {'model':'m','input':'x','tool_choice':%s,'tools':[{'type':'function','name':'f'},
                 {'type':'namespace','name':'n','tools':[{'type':'function','name':'g'}]},{'type':'web_search'}]}
                """.formatted(choice));
        assertThat(chat.path("tools")).hasSize(tools);
        if (expected.equals("null")) {
            assertThat(chat.has("tool_choice")).isFalse();
        } else {
            Same.json(chat.path("tool_choice"), expected);
        }
    }

    @Test
    void namesOfNamespacesAreShortAndNobodyElses() throws Exception {
        var tools = new ResponsesTools(object("""
                        {'tools':[{'type':'function','name':'a__b'},
                          {'type':'namespace','name':'a','tools':[{'type':'function','name':'b'}]},
                          {'type':'namespace','name':'%s','tools':[{'type':'function','name':'tool'}]}]}
                        """.formatted("long".repeat(20))).path("tools"));
        assertThat(tools.flat("a", "b")).isEqualTo("a__b_");
        assertThat(tools.of("a__b")).isEqualTo(new ResponsesTools.Tool(null, "a__b", false));
        assertThat(tools.of("a__b_")).isEqualTo(new ResponsesTools.Tool("a", "b", false));
        String flat = tools.flat("long".repeat(20), "tool");
        assertThat(flat).hasSize(64);
        assertThat(tools.of(flat).name()).isEqualTo("tool");
    }

    @Test
    void freeTextToolsAreCalledWithTheirText() throws Exception {
        Same.json(messages("""
                        [{'role':'user','content':'x'},
                         {'type':'custom_tool_call','call_id':'1','name':'apply_patch','input':'*** Begin'},
                         {'type':'custom_tool_call_output','call_id':'1','output':'ok'},
                         {'type':'web_search_call','id':'ws_1','status':'completed'}]
                        """), """
                [{'role':'user','content':'x'},
                 {'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function',
                   'function':{'name':'apply_patch','arguments':'{`input`:`*** Begin`}'}}]},
                 {'role':'tool','tool_call_id':'1','content':'ok'}]
                """);
    }

    @Test
    void settings() throws Exception {
        String request = """
                {'model':'m','input':'x','max_output_tokens':128000,'temperature':0.5,'top_p':0.9,'user':'u','metadata':{'k':'v'},
                 'reasoning':{'effort':'medium','summary':'auto'},'store':false,'include':['reasoning.encrypted_content'],
                 'prompt_cache_key':'p','client_metadata':{'a':'b'},'truncation':'auto','top_k':40,'service_tier':null,
                 'text':{'format':{'type':'json_schema','name':'out','strict':true,'schema':{'type':'object'}}}}
                """;
        Same.json(chat(object(request), new Options(4096, true, "t", 0)), """
                {'model':'backend-model','messages':[{'role':'user','content':'x'}],'max_tokens':4096,
                 'response_format':{'type':'json_schema','json_schema':{'name':'out','schema':{'type':'object'},'strict':true}},
                 'reasoning_effort':'medium','chat_template_kwargs':{'reasoning_effort':'medium'},'temperature':0.5,'top_p':0.9,'user':'u','metadata':{'k':'v'},'top_k':40}
                """);
        assertThat(chat(object(request), new Options(0, false, "t", 0)).propertyNames())
                .containsExactlyInAnyOrder(
                        "model",
                        "messages",
                        "max_completion_tokens",
                        "response_format",
                        "reasoning_effort",
                        "temperature",
                        "top_p",
                        "user");
    }

    @Test
    void jsonObjectFormat() throws Exception {
        Same.json(
                chat("{'model':'m','input':'x','text':{'format':{'type':'json_object'}}}")
                        .path("response_format"),
                "{'type':'json_object'}");
        assertThat(chat("{'model':'m','input':'x','text':{'format':{'type':'text'}}}")
                        .has("response_format"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'input':[] | 400 | nothing in \"input\"",
                "'input':7 | 400 | neither text nor a list",
                "'input':[{'id':'x'}] | 400 | neither \"type\" nor \"role\"",
                "'input':[{'role':'robot','content':'x'}] | 400 | role \"robot\"",
                "'input':[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}] | 400 | data: URL",
                "'input':[{'role':'user','content':[{'type':'input_file','file_url':'f'}]}] | 400 | file_data",
                "'input':[{'role':'user','content':[{'type':'hologram'}]}] | 400 | \"hologram\"",
                "'input':[{'type':'function_call_output','call_id':'c9','output':'x'}] | 400 | call \"c9\"",
                "'input':[{'type':'item_reference','id':'msg_7'}] | 404 | item \"msg_7\"",
                "'input':'x','background':true | 400 | background",
                "'input':'x','conversation':'conv_1' | 400 | \"conversation\"",
                "'input':'x','tools':[{'type':'function'}] | 400 | without a \"name\"",
            })
    void whatCannotBeDoneIsSaid(String fields, int status, String message) {
        var refused = refused("{'model':'m'," + fields + "}");
        assertThat(refused.error().status()).isEqualTo(status);
        assertThat(refused.error().message()).contains(message);
    }

    @Test
    void aProviderIsToldTheNameOfTheOneFunction() throws Exception {
        var chat = chat(object("""
                        {'model':'m','input':'x','tool_choice':{'type':'function','namespace':'n','name':'g'},'tools':[
                          {'type':'function','name':'f'},{'type':'namespace','name':'n','tools':[{'type':'function','name':'g'}]}]}
                        """), new Options(0, false, "t", 0));
        Same.json(chat.path("tool_choice"), "{'type':'function','function':{'name':'n__g'}}");
        assertThat(chat.path("tools")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"minimal,low", "low,low", "medium,medium", "high,high", "xhigh,high"})
    void templatesKnowThreeEfforts(String effort, String word) throws Exception {
        var request = object("{'model':'m','input':'x','reasoning':{'effort':'%s'},'chat_template_kwargs':{'x':1}}"
                .formatted(effort));
        var chat = chat(request, LOCAL);
        assertThat(Json.text(chat, "reasoning_effort")).isEqualTo(word);
        Same.json(chat.path("chat_template_kwargs"), "{'x':1,'reasoning_effort':'%s'}".formatted(word));
        Same.json(request.path("chat_template_kwargs"), "{'x':1}");
    }

    @Test
    void noEffortIsNoThinking() throws Exception {
        var chat = chat("{'model':'m','input':'x','reasoning':{'effort':'none'}}");
        Same.json(chat.path("chat_template_kwargs"), "{'enable_thinking':false}");
        assertThat(chat.has("reasoning_effort")).isFalse();
    }
}
