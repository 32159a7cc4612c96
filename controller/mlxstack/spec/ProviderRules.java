package mlxstack.spec;

import java.net.URI;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Providers can be reached, and what is counted in dollars has a price. */
final class ProviderRules {

    private ProviderRules() {}

    static void check(Cursor spec, Problems problems) {
        var counted = dollars(spec);
        for (var provider : spec.field("providers").items()) {
            address(provider, problems);
            for (var model : provider.field("models").items()) {
                price(provider, model, counted, problems);
            }
        }
    }

    private static void address(Cursor provider, Problems problems) {
        var at = provider.field("baseUrl");
        var text = at.text();
        if (text == null || !text.matches("https?://[^\\s/@]+(/[^\\s@]*)?")) {
            return;
        }
        var path = path(text);
        if (path == null) {
            problems.add(
                    at,
                    "found an address that is none, or has a part after ? or #; expected one such as https://openrouter.ai/api/v1");
        } else if (provider.field("type").text("").equals("openai") && !path.isEmpty() && !path.endsWith("/v1")) {
            problems.add(
                    at,
                    "found %s; expected an address that ends in /v1, to which /chat/completions is appended"
                            .formatted(Found.quoted(text)));
        }
    }

    /** Without slashes at its end; null if the address cannot be used. */
    private static @Nullable String path(String text) {
        try {
            var url = URI.create(text);
            return url.getHost() == null || url.getQuery() != null || url.getFragment() != null
                    ? null
                    : url.getPath().replaceFirst("/+$", "");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The first budget or limit that is in dollars; null: nobody counts them. */
    private static @Nullable Cursor dollars(Cursor spec) {
        var all = new ArrayList<Cursor>(BudgetReader.places(spec.field("gateway")));
        spec.field("providers").items().forEach(at -> all.addAll(BudgetReader.places(at)));
        spec.field("gateway").field("keys").items().forEach(at -> all.addAll(BudgetReader.places(at)));
        var rate = spec.field("gateway").field("limits").field("usdPerMinute");
        return all.stream().filter(at -> at.field("usd").present()).findFirst().orElse(rate.present() ? rate : null);
    }

    private static void price(Cursor provider, Cursor model, @Nullable Cursor counted, Problems problems) {
        var price = model.field("price");
        boolean whole = price.field("input").present() && price.field("output").present();
        if (counted != null && !whole && !provider.field("type").text("").equals("ollama")) {
            problems.add(
                    price.present() ? price : model,
                    "missing price; the %s in line %d counts dollars: write price: {input: \"3.00\", output: \"15.00\"}, or \"0\" where it costs nothing"
                            .formatted(counted.field("usd").present() ? "budget" : "limit", counted.line()));
        }
    }
}
