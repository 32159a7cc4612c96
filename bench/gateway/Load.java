import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The clients of a measurement. Prints one JSON object, milliseconds everywhere. A TARGET is NAME=PORT[/MODEL[*COPIES]][,SHARE]: targets
 * take turns, and one with a share of 0.1 a tenth of them; copies of a model are asked one after the other.
 *
 * <pre>
 * Load plain WARM ROUNDS EACH BYTES TARGET…           one connection each, EACH requests a turn, one after the other
 * Load streams ROUNDS EACH STREAMS TOKENS PACE_US TARGET…  EACH times a turn, one after the other, so many streams at once
 * Load cancel ROUNDS UPSTREAM_PORT TARGET…            leaves a silent request; when does the upstream know?
 * Load rate PER_SECOND SECONDS PORT                   a connection each, begun by the clock whatever became of the ones before
 * Load many N PORT                                    over 8 connections
 * </pre>
 */
public class Load {

    private static final int GIVE_UP_MS = 2_000;

    public static void main(String[] args) throws Exception {
        int[] n = numbers(args);
        System.out.println(
                switch (args[0]) {
                    case "plain" -> plain(n[0], n[1], n[2], n[3], targets(args, 5));
                    case "streams" -> streams(n[0], n[1], n[2], n[3], n[4], targets(args, 6));
                    case "cancel" -> cancel(n[0], n[1], targets(args, 3));
                    case "rate" -> rate(n[0], n[1], n[2]);
                    case "many" -> many(n[0], n[1]);
                    default -> throw new IllegalArgumentException(args[0]);
                });
    }

    private static int[] numbers(String[] args) {
        return Arrays.stream(args).skip(1).takeWhile(arg -> arg.matches("\\d+")).mapToInt(Integer::parseInt).toArray();
    }

    private record Target(String name, int port, String model, int copies, double share) {

        static Target of(String text) {
            String[] parts = text.split("[=,]");
            String[] address = parts[1].split("[/*]");
            return new Target(
                    parts[0],
                    Integer.parseInt(address[0]),
                    address.length > 1 ? address[1] : "m",
                    address.length > 2 ? Integer.parseInt(address[2]) : 1,
                    parts.length > 2 ? Double.parseDouble(parts[2]) : 1);
        }

        /** Whether it is its turn. */
        boolean isIn(int round) {
            return (int) ((round + 1) * share + 1e-9) > (int) (round * share + 1e-9);
        }

        byte[] request(int turn, int bytes, boolean stream, String words) {
            return Client.request(copies == 1 ? model : model + turn % copies, bytes, stream, words);
        }
    }

    private static List<Target> targets(String[] args, int from) {
        return Arrays.stream(args).skip(from).map(Target::of).toList();
    }

    private static String plain(int warm, int rounds, int each, int bytes, List<Target> targets) throws Exception {
        var clients = new ArrayList<Client>();
        var taken = new ArrayList<List<Double>>();
        for (Target target : targets) {
            clients.add(new Client(target.port()));
            taken.add(new ArrayList<>());
        }
        for (int round = -warm; round < rounds; round++) {
            for (int t = 0; t < targets.size(); t++) {
                if (!targets.get(t).isIn(round + warm)) {
                    continue;
                }
                byte[] request = targets.get(t).request(round + warm, bytes, false, "hello");
                for (int i = 0; i < each; i++) {
                    long began = System.nanoTime();
                    clients.get(t).send(request);
                    int status = clients.get(t).answer();
                    if (status != 200) {
                        throw new IOException(targets.get(t) + " answered " + status);
                    }
                    if (round >= 0) {
                        taken.get(t).add((System.nanoTime() - began) / 1e6);
                    }
                }
            }
        }
        var parts = new ArrayList<String>();
        for (int t = 0; t < targets.size(); t++) {
            parts.add("\"" + targets.get(t).name() + "\":" + Seen.spread(taken.get(t)));
        }
        return "{" + String.join(",", parts) + "}";
    }

    /** The first third of the rounds warms up: it is checked, but not timed. */
    private static String streams(int rounds, int each, int count, int tokens, int pace, List<Target> targets) throws Exception {
        String words = "n=" + tokens + " pace=" + pace;
        var clients = new Client[targets.size()][count];
        var seen = new ArrayList<Seen>();
        for (int t = 0; t < targets.size(); t++) {
            seen.add(new Seen());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds; round++) {
                for (int t = 0; t < targets.size(); t++) {
                    Target target = targets.get(t);
                    if (!target.isIn(round)) {
                        continue;
                    }
                    // Tokens of many streams meet as they do in life, and the same ones whatever the target.
                    var beats = new Random(round);
                    Client[] mine = clients[t];
                    List<Callable<Client.Stream>> tasks = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        int at = i;
                        byte[] request = target.request(round, 0, true, words + " beat=" + beats.nextInt(pace));
                        tasks.add(() -> {
                            LockSupport.parkNanos(at * (long) pace * 1_000 / count);
                            mine[at] = mine[at] == null ? new Client(target.port()) : mine[at];
                            return mine[at].stream(request, tokens);
                        });
                    }
                    for (int i = 0; i < each; i++) {
                        for (var done : threads.invokeAll(tasks)) {
                            seen.get(t).add(done.get(), round >= rounds / 3);
                        }
                    }
                }
            }
        }
        var parts = new ArrayList<String>();
        for (int t = 0; t < targets.size(); t++) {
            parts.add("\"" + targets.get(t).name() + "\":" + seen.get(t));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private static String cancel(int rounds, int upstream, List<Target> targets) throws Exception {
        var taken = new ArrayList<List<Double>>();
        targets.forEach(_ -> taken.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int t = 0; t < targets.size(); t++) {
                if (targets.get(t).isIn(round)) {
                    taken.get(t).add(cancel(targets.get(t), round % 2 == 0, upstream));
                }
            }
        }
        var parts = new ArrayList<String>();
        for (int t = 0; t < targets.size(); t++) {
            parts.add("\"" + targets.get(t).name() + "\":" + Seen.spread(taken.get(t)));
        }
        return "{" + String.join(",", parts) + "}";
    }

    private static double cancel(Target target, boolean stream, int upstream) throws IOException {
        String id = "c" + System.nanoTime();
        var client = new Client(target.port());
        client.send(target.request(0, 0, stream, "hang=" + id));
        ask(upstream, "/came/" + id, 60_000);
        long left = System.nanoTime();
        client.close();
        long knew = ask(upstream, "/gone/" + id, GIVE_UP_MS);
        return knew < 0 ? GIVE_UP_MS : (knew - left) / 1e6;
    }

    /** The upstream's own clock when that happened, which is ours too; -1 when it does not within the time. */
    private static long ask(int upstream, String path, int millis) throws IOException {
        try (var asking = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            asking.setSoTimeout(millis);
            asking.getOutputStream().write(("GET " + path + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            var answer = new byte[400];
            int length = asking.getInputStream().read(answer);
            String text = new String(answer, 0, length, StandardCharsets.US_ASCII);
            return Long.parseLong(text.substring(text.indexOf("\r\n\r\n") + 4));
        } catch (java.net.SocketTimeoutException e) {
            return -1;
        }
    }

    /** Timed from when each was due, so that a pause is felt by all that it kept waiting. */
    private static String rate(int perSecond, int seconds, int port) throws Exception {
        byte[] request = Client.request("m", 0, false, "hello");
        var failed = new AtomicInteger();
        var taken = new ConcurrentLinkedQueue<Double>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            for (int i = 0; i < perSecond * seconds; i++) {
                long due = start + i * 1_000_000_000L / perSecond;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                threads.execute(() -> {
                    try (var client = new Client(port)) {
                        client.send(request);
                        if (client.answer() != 200) {
                            failed.incrementAndGet();
                        }
                    } catch (IOException e) {
                        failed.incrementAndGet();
                    }
                    taken.add((System.nanoTime() - due) / 1e6);
                });
            }
        }
        return "{\"calls\":%d,\"failed\":%d,\"took\":%s}"
                .formatted(perSecond * seconds, failed.get(), Seen.spread(new ArrayList<>(taken)));
    }

    private static String many(int count, int port) throws Exception {
        byte[] request = Client.request("m", 0, false, "hello");
        var failed = new AtomicInteger();
        var done = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < 8; c++) {
                done.add(threads.submit(() -> {
                    try (var client = new Client(port)) {
                        for (int i = 0; i < count / 8; i++) {
                            client.send(request);
                            if (client.answer() != 200) {
                                failed.incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (var each : done) {
                each.get();
            }
        }
        return "{\"calls\":%d,\"failed\":%d}".formatted(count / 8 * 8, failed.get());
    }
}
