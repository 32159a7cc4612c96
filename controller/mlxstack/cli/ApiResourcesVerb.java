package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import mlxstack.api.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "api-resources", header = "List the kinds there are", footer = "mlxstackctl api-resources")
final class ApiResourcesVerb implements Action {

    @Option(names = "--no-headers", description = "Leave out the line of headings")
    boolean noHeaders;

    @Override
    public int run(Session session) throws InterruptedException {
        var rows = new ArrayList<List<String>>();
        if (!noHeaders) {
            rows.add(List.of("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"));
        }
        for (Kind kind : Kind.values()) {
            rows.add(List.of(
                    kind.plural(),
                    String.join(",", kind.shortNames()),
                    kind.apiVersion(),
                    Boolean.toString(kind.group().isEmpty()),
                    kind.title()));
        }
        session.output().out(TableText.of(rows));
        return 0;
    }
}
