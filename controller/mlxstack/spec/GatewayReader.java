package mlxstack.spec;

import java.util.List;

/** Reads {@code spec.gateway} and {@code spec.providers}. Confined to one parse. */
record GatewayReader(Values values) {

    Gateway gateway(Cursor spec) {
        var at = spec.field("gateway");
        var listen = listen(at);
        var complexity = ComplexityReader.read(at.field("complexity"));
        return new Gateway(
                switch (at.field("engine").text("")) {
                    case "litellm" -> Gateway.Engine.LITELLM;
                    case "none" -> Gateway.Engine.NONE;
                    default -> Gateway.Engine.BUILTIN;
                },
                listen.host(),
                listen.port(),
                new KeyReader(values, complexity).keys(at.field("keys")),
                new RouteReader(values, spec).routes(),
                complexity,
                BudgetReader.read(at),
                BudgetReader.usd(at.field("limits").field("usdPerMinute")),
                keeping(at),
                new Telemetry(
                        at.field("accessLog").flag(true),
                        at.field("traces").field("endpoint").text()));
    }

    private Keeping keeping(Cursor at) {
        var standard = Keeping.DEFAULT;
        var ledger = at.field("ledger");
        var responses = at.field("responses");
        return new Keeping(
                ledger.field("retentionDays").integer(standard.ledgerDays()),
                atLeast(ledger.field("maxSize"), 16L << 20, standard.ledgerBytes()),
                switch (responses.field("keep").text("")) {
                    case "memory" -> Keeping.Answers.MEMORY;
                    case "none" -> Keeping.Answers.NONE;
                    default -> standard.answers();
                },
                responses.field("retentionDays").integer(standard.answerDays()),
                atLeast(responses.field("maxSize"), 1L << 20, standard.answerBytes()));
    }

    private long atLeast(Cursor at, long least, long otherwise) {
        Long bytes = values.bytes(at);
        if (bytes == null) {
            return otherwise;
        }
        if (bytes < least) {
            values.complain(
                    at, "found %s; expected at least %s".formatted(Quantities.render(bytes), Quantities.render(least)));
        }
        return bytes;
    }

    /** What is written if it can be used, else the default; {@link GatewayRules} complains. */
    static Listen listen(Cursor at) {
        var written = Listen.parse(at.field("listen").text(Defaults.LISTEN));
        return written == null ? new Listen("127.0.0.1", 4000) : written;
    }

    List<Provider> providers(Cursor at) {
        return at.items().stream().map(this::provider).toList();
    }

    private Provider provider(Cursor at) {
        return new Provider(
                at.field("name").text(""),
                switch (at.field("type").text("")) {
                    case "anthropic" -> Provider.Type.ANTHROPIC;
                    case "ollama" -> Provider.Type.OLLAMA;
                    default -> Provider.Type.OPENAI;
                },
                at.field("baseUrl").text(""),
                values.secret(at.field("apiKey")),
                at.field("models").items().stream()
                        .map(model -> new Provider.Model(
                                model.field("name").text(""),
                                model.field("model").text(""),
                                values.textMap(model.field("price")),
                                model.field("contextWindow").integer()))
                        .toList(),
                ModelApi.all(at.field("speaks").texts()),
                BudgetReader.read(at),
                RouteReader.timeouts(values, at.field("timeout"), Timeouts.DEFAULT));
    }
}
