package mlxstack.wire;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what stands between a client and a backend of another dialect. Confined to one thread, as its conversations are. */
public final class Translators {

    private final Conversations conversations;

    public Translators(Conversations conversations) {
        this.conversations = conversations;
    }

    /**
     * A backend that is about to be asked.
     *
     * @param id its name in the stack
     * @param model as it calls it
     * @param speaks what it answers itself
     * @param counted whether it has to report a stream's tokens even when the client does not want to know
     */
    public record Place(String id, String model, Set<Operation> speaks, boolean counted, Options options) {

        public Place {
            speaks = Set.copyOf(speaks);
        }
    }

    /**
     * @param path that the client asked at, without the query
     * @param owner the name of its key; empty without keys
     * @param length how many bytes of {@code body} count
     * @return null when the backend is asked in the client's own words
     * @throws BadRequest what this backend cannot be asked, or nobody can
     */
    public @Nullable Translation find(String path, String owner, byte[] body, int length, Place to) throws BadRequest {
        var asked = Operation.of(path);
        return switch (asked) {
            case CHAT_COMPLETIONS -> chat(path, body, length, to);
            case MESSAGES ->
                to.speaks.contains(asked)
                        ? Adjusted.of(asked, body, length, to)
                        : MessagesToChat.of(body, length, to.model, to.options);
            case RESPONSES -> responses(owner, body, length, to);
            case EMBEDDINGS -> embeddings(body, length, to);
            case COMPLETIONS -> Adjusted.of(asked, body, length, to);
            case COUNT_TOKENS, RERANK, OTHER -> null;
        };
    }

    private static @Nullable Translation chat(String path, byte[] body, int length, Place to) throws BadRequest {
        if (path.equals(RouterChat.PATH)) {
            var request = Json.request(body, length);
            return overChat(new RouterChat(request, to.model, to.id), to);
        }
        return speaksChat(to)
                ? Adjusted.of(Operation.CHAT_COMPLETIONS, body, length, to)
                : ChatToMessages.of(body, length, to.model, to.options);
    }

    private @Nullable Translation responses(String owner, byte[] body, int length, Place to) throws BadRequest {
        if (to.speaks.contains(Operation.RESPONSES)) {
            return spoken(owner, body, length, to);
        }
        var request = Json.request(body, length);
        var keeper = conversations.keeper(request, owner);
        var whole = conversations.continued(request, owner);
        return overChat(new ResponsesToChat(whole, to.model, to.options, keeper), to);
    }

    /** A model server of this machine that speaks Responses remembers none of them; a provider does. */
    private @Nullable Translation spoken(String owner, byte[] body, int length, Place to) throws BadRequest {
        var adjusted = Adjusted.of(Operation.RESPONSES, body, length, to);
        if (!to.options.local()) {
            return adjusted;
        }
        var fields = JsonFields.of(body, length);
        boolean back = Conversations.refersBack(fields);
        if (!back && !Conversations.isKept(fields)) {
            return adjusted;
        }
        var request = Json.request(body, length);
        var keeper = conversations.keeper(request, owner);
        if (!back) {
            return new Remembered(adjusted == null ? renamed(fields, body, length, to) : adjusted.request(), keeper);
        }
        var whole = conversations.continued(request, owner).put("model", to.model);
        whole.remove("previous_response_id");
        return new Remembered(Json.bytes(whole), keeper);
    }

    private static byte[] renamed(JsonFields fields, byte[] body, int length, Place to) {
        var splices = new Splices();
        fields.model(to.model, splices);
        return splices.applied(body, length);
    }

    private static Translation overChat(Translation client, Place to) throws BadRequest {
        if (speaksChat(to)) {
            return client;
        }
        return new Composed(client, chat -> ChatToMessages.of(chat, chat.length, to.model, to.options));
    }

    /** All do but those that speak Messages alone. */
    private static boolean speaksChat(Place to) {
        return to.speaks.contains(Operation.CHAT_COMPLETIONS) || !to.speaks.contains(Operation.MESSAGES);
    }

    /** Few are asked for lists, and those that are answer them. */
    private static @Nullable Translation embeddings(byte[] body, int length, Place to) throws BadRequest {
        var fields = JsonFields.of(body, length);
        return Embeddings.asksForBase64(fields) ? new Embeddings(renamed(fields, body, length, to), true) : null;
    }
}
