package mlxstack.harness;

import static mlxstack.harness.Notes.map;

import java.util.ArrayList;
import java.util.List;

/** Cline, as a program and in editors: its provider for servers like ours. */
final class Cline extends Tool {

    private static final String PROVIDER = "openai-compatible";

    Cline() {
        super("cline", "Cline", Dialect.CHAT, false, Role.MAIN);
    }

    @Override
    public Recipe recipe(Facts facts, Machine machine) {
        var main = facts.main();
        var wanted = map(
                "version",
                new Default(1),
                "lastUsedProvider",
                PROVIDER,
                "modes",
                new Default(map()),
                "providers",
                map(
                        PROVIDER,
                        map(
                                "settings",
                                map(
                                        "provider",
                                        PROVIDER,
                                        "apiKey",
                                        facts.keyName() == null ? Facts.NO_KEY : null,
                                        "model",
                                        main.name(),
                                        "baseUrl",
                                        facts.v1(),
                                        "contextWindow",
                                        main.window(),
                                        "maxTokens",
                                        main.output()),
                                "updatedAt",
                                new Default("2026-01-01T00:00:00.000Z"),
                                "tokenSource",
                                new Default("manual"))));
        var notes = new ArrayList<>(Notes.windows(List.of(main), "Cline then assumes one of its own"));
        notes.add("close Cline and the editors with it first: a running one writes its own idea of this file over it");
        if (facts.keyName() != null) {
            notes.add("Cline takes a key from no variable: give it with every run, cline -k \"$" + facts.keyName()
                    + "\", or keep it in its file by cline auth " + PROVIDER);
        }
        return new Recipe(
                List.of(new Recipe.Part(
                        machine.home().resolve(".cline/data/settings/providers.json"), new JsonText(), wanted)),
                List.of(),
                notes,
                List.of("cline 'Say hello'"));
    }
}
