package mlxstack.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import mlxstack.reconcile.Effect;
import mlxstack.reconcile.Event;
import mlxstack.reconcile.Event.Outcome;
import mlxstack.reconcile.Obstacle;
import mlxstack.reconcile.Units;
import mlxstack.spec.Probe;
import mlxstack.spec.Workload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each kind of question over real sockets, and when attempts begin and end. */
class ProberTest {

    private static final Workload WEB = Units.process("web", "run");
    private static final Probe.Kind READINESS = Probe.Kind.READINESS;

    private final Asked asked = new Asked();

    @AfterEach
    void close() {
        asked.close();
    }

    @Test
    void tcpAnswersWhenSomebodyListens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            asked.start(WEB, 1, READINESS, Asked.often(new Probe.Handler.Tcp(port)), null);
            var result = asked.next();
            assertThat(result)
                    .isEqualTo(new Event.ProbeResult(
                            "web", 1, READINESS, Outcome.SUCCESS, "port " + port + " accepts connections"));
        }
        assertThat(asked.next(Outcome.FAILURE).message()).isEqualTo("nothing listens on port " + port);
    }

    @Test
    void httpFailsAndPassesAsTheServerSays() throws IOException {
        try (var peer = new Peer(Peer.status(503))) {
            asked.start(WEB, 1, READINESS, Asked.often(Asked.http(peer.port())), null);
            assertThat(asked.next().message()).startsWith("HTTP 503 from /health");
            peer.say(Peer.status(200));
            assertThat(asked.next(Outcome.SUCCESS).message()).isEqualTo("HTTP 200");
            peer.say(Peer.text(""));
            assertThat(asked.next(Outcome.FAILURE).message())
                    .isEqualTo("port " + peer.port() + ": closed the connection without an answer");
        }
    }

    @Test
    void successesHeardOftenEnoughAreKeptBack() throws IOException {
        try (var peer = new Peer(Peer.status(200))) {
            asked.start(WEB, 1, READINESS, Asked.often(Asked.http(peer.port())), null);
            await().atMost(Duration.ofSeconds(60)).until(() -> peer.requests().size() >= 20);
            assertThat(asked.events).hasSize(1);
            peer.say(Peer.status(500));
            asked.next();
            assertThat(asked.next().outcome()).isEqualTo(Outcome.FAILURE);
            peer.say(Peer.status(200));
            assertThat(asked.next(Outcome.SUCCESS).outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("P07: an answer from somebody else's server on our port is a failure that names who has it")
    void p07AForeignAnswerIsNamed() throws IOException {
        try (var peer = new Peer(Peer.status(200))) {
            asked.ours = false;
            var holder = new Obstacle.PortInUse(peer.port(), 99, "python3");
            asked.holder = holder;
            asked.start(WEB, 1, READINESS, Asked.often(Asked.http(null)), peer.port());
            var result = asked.next();
            assertThat(result.outcome()).isEqualTo(Outcome.FAILURE);
            assertThat(result.foreign()).isEqualTo(holder);
            assertThat(result.message()).contains("python3", "99", "stop that one, or give this one another port");
            asked.ours = true;
            assertThat(asked.next(Outcome.SUCCESS).foreign()).isNull();
        }
    }

    @Test
    void aPortTheWorkloadDoesNotCallItsOwnMayBeAnybodys() throws IOException {
        try (var peer = new Peer(Peer.status(200))) {
            asked.ours = false;
            asked.start(WEB, 1, READINESS, Asked.often(Asked.http(peer.port())), null);
            assertThat(asked.next().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void aModelIsAskedForATokenOnlyOnceHealthAnswersAndOnlyIfItIsOurs() throws IOException {
        try (var peer = new Peer(Peer.status(503))) {
            asked.start(WEB, 1, Probe.Kind.STARTUP, Asked.often(new Probe.Handler.Model()), peer.port());
            assertThat(asked.next().message()).startsWith("HTTP 503");
            asked.ours = false;
            peer.say(Peer.status(200));
            asked.next(Outcome.FAILURE);
            assertThat(peer.requests()).noneMatch(r -> r.startsWith("POST"));
            asked.ours = true;
            peer.say((request, out) -> (request.startsWith("POST")
                            ? Peer.text("HTTP/1.0 200 OK", "", "{\"choices\":[]}")
                            : Peer.status(200))
                    .to(request, out));
            var failure = asked.next(Outcome.FAILURE);
            while (!failure.message().startsWith("the model")) {
                failure = asked.next(Outcome.FAILURE);
            }
            peer.say((request, out) -> (request.startsWith("POST")
                            ? Peer.text("HTTP/1.0 200 OK", "", "{\"choices\":[{}]}")
                            : Peer.status(200))
                    .to(request, out));
            assertThat(asked.next(Outcome.SUCCESS).message()).isEqualTo("a token came out");
        }
    }

    @Test
    void noPortIsNotTheProcessesFault() {
        asked.start(WEB, 1, READINESS, Asked.often(Asked.http(null)), null);
        assertThat(asked.next()).extracting(Event.ProbeResult::outcome).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void execIsJudgedByItsExit() {
        var exec = new Probe.Handler.Exec(List.of("check", "it"));
        asked.runner = (command, _) -> new Commands.Result.Ended(false, "exit code 3", command + " bad\n");
        asked.start(WEB, 1, READINESS, Asked.often(exec), null);
        assertThat(asked.next().message()).isEqualTo("check ended with exit code 3: [check, it] bad");
        asked.runner = (_, _) -> new Commands.Result.TimedOut("thinking");
        var late = asked.next();
        while (!late.message().contains("killed")) {
            late = asked.next();
        }
        assertThat(late.message()).isEqualTo("check did not end within 30s and was killed: thinking");
        assertThat(late.outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    @DisplayName("P04: a probe that cannot be run, or throws, is reported as unknown and asked again")
    void p04WhatCannotRunIsUnknown() {
        asked.runner = (_, _) -> new Commands.Result.NotRun("check was not found in PATH");
        asked.start(WEB, 1, Probe.Kind.LIVENESS, Asked.often(new Probe.Handler.Exec(List.of("check"))), null);
        var result = asked.next();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.message()).isEqualTo("check was not found in PATH");
        asked.runner = (_, _) -> {
            throw new IllegalStateException("a bug");
        };
        while (!result.message().contains("a bug")) {
            result = asked.next();
        }
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        asked.runner = (_, _) -> new Commands.Result.Ended(true, "exit code 0", "");
        asked.next(Outcome.SUCCESS);
    }

    @Test
    void aLogLineIsWaitedForWithoutPolling() {
        var slow = Asked.every(new Probe.Handler.Log("ready on \\d+"), Duration.ofHours(1), Duration.ofSeconds(1));
        asked.start(WEB, 1, Probe.Kind.STARTUP, slow, null);
        assertThat(asked.next().message()).isEqualTo("no line of its log matches ready on \\d+ yet");
        java.util.Objects.requireNonNull(asked.line).accept("server ready on 80");
        assertThat(asked.next().message()).isEqualTo("log: server ready on 80");
        asked.prober.apply(new Effect.Forget("web"));
        await().atMost(Duration.ofSeconds(60)).until(() -> !asked.watching);
    }

    @Test
    @DisplayName("P05: an attempt that hangs ends at its timeout")
    void p05AHangingAttemptEndsAtItsTimeout() throws IOException {
        try (var peer = new Peer(Peer.SILENCE)) {
            var probe = Asked.every(Asked.http(peer.port()), Duration.ofMillis(5), Duration.ofMillis(50));
            asked.start(WEB, 1, READINESS, probe, null);
            assertThat(asked.next().message()).isEqualTo("port " + peer.port() + ": no answer within 50ms");
            asked.next();
        }
    }

    @Test
    void stopBreaksOffAnAttemptAndNothingIsReportedAfterwards() throws Exception {
        var begun = new CountDownLatch(1);
        var broken = new CountDownLatch(1);
        asked.runner = (_, _) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                throw new IllegalStateException();
            } finally {
                broken.countDown();
            }
        };
        asked.start(WEB, 1, READINESS, Asked.often(new Probe.Handler.Exec(List.of("x"))), null);
        begun.await();
        asked.prober.apply(new Effect.StopProbe("web", 2, READINESS));
        assertThat(broken.getCount())
                .as("another launch's probe is not ours to stop")
                .isEqualTo(1);
        asked.prober.apply(new Effect.StopProbe("web", 1, READINESS));
        broken.await();
        asked.close();
        assertThat(asked.events).isEmpty();
    }

    @Test
    void aHangingServerIsLeftAtOnce() throws IOException {
        try (var peer = new Peer(Peer.SILENCE)) {
            var probe = Asked.every(Asked.http(peer.port()), Duration.ofHours(1), Duration.ofHours(1));
            asked.start(WEB, 1, READINESS, probe, null);
            await().atMost(Duration.ofSeconds(60)).until(() -> peer.requests().size() == 1);
            asked.close(); // waits for the attempt
            assertThat(asked.events).isEmpty();
        }
    }

    @Test
    void aProbeStartedAgainTakesThePlaceOfTheFirst() {
        var old = new AtomicInteger();
        asked.runner = (command, _) -> {
            old.addAndGet(command.getFirst().equals("old") ? 1 : 0);
            return new Commands.Result.Ended(false, command.getFirst(), "");
        };
        asked.start(WEB, 1, READINESS, Asked.often(new Probe.Handler.Exec(List.of("old"))), null);
        asked.next();
        asked.start(WEB, 2, READINESS, Asked.often(new Probe.Handler.Exec(List.of("new"))), null);
        var result = asked.next();
        while (result.launch() == 1) {
            result = asked.next();
        }
        int before = old.get();
        for (int i = 0; i < 20; i++) {
            assertThat(asked.next().launch()).isEqualTo(2);
        }
        assertThat(old.get()).isEqualTo(before);
    }

    @Test
    void theInitialDelayIsWaitedFor() {
        var probe = new Probe(
                new Probe.Handler.Exec(List.of("x")),
                Duration.ofMillis(200),
                Duration.ofMillis(5),
                Duration.ofSeconds(1),
                1,
                1);
        long begun = System.nanoTime();
        asked.start(WEB, 1, READINESS, probe, null);
        asked.next();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }
}
