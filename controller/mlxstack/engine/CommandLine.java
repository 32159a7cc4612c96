package mlxstack.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine made of a workload.
 *
 * @param argv the first is an absolute path
 * @param significant the part of {@code argv} whose change makes a running instance outdated
 * @param env variables the engine would have set, where the user says nothing else
 * @param address variables that tell it where to listen, whatever the user says
 * @param secrets variables whose values do not count for the digest
 */
record CommandLine(
        List<String> argv,
        List<String> significant,
        Map<String, String> env,
        Map<String, String> address,
        Map<String, String> secrets) {

    CommandLine {
        argv = List.copyOf(argv);
        significant = List.copyOf(significant);
        env = Map.copyOf(env);
        address = Map.copyOf(address);
        secrets = Map.copyOf(secrets);
    }

    CommandLine(List<String> argv, List<String> significant, Map<String, String> env, Map<String, String> address) {
        this(argv, significant, env, address, Map.of());
    }

    static CommandLine of(List<String> argv) {
        return new CommandLine(argv, argv, Map.of(), Map.of());
    }

    /** What a child with those variables gets on top of them. */
    Map<String, String> over(Map<String, String> child) {
        var all = open(child);
        all.putAll(secrets);
        return all;
    }

    private Map<String, String> open(Map<String, String> child) {
        var all = new HashMap<>(env);
        all.putAll(child);
        all.putAll(address);
        return all;
    }

    /** Without values: some are secrets. */
    @Override
    public String toString() {
        return "CommandLine[" + argv + ", env=" + over(Map.of()).keySet() + "]";
    }

    String digest() {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (String word : significant) {
                sha.update(word.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            new TreeMap<>(open(Map.of())).forEach((name, value) -> {
                sha.update((name + "=" + value).getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            });
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
