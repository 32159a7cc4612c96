package mlxstack.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayObserverTest {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    private final BlockingQueue<String> observed = new LinkedBlockingQueue<>();
    /** Each question waits here until the test answers it. */
    private final SynchronousQueue<String> answers = new SynchronousQueue<>();

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private GatewayObserver observer() {
        return new GatewayObserver(
                (host, port, path) -> {
                    asked.add(host + " " + port + " " + path);
                    try {
                        var answer = answers.take();
                        if (answer.isEmpty()) {
                            throw new ConnectException("nobody there");
                        }
                        return "{\"status\":\"ok\",\"config\":\"" + answer + "\"}";
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                },
                observed::add,
                Duration.ofMillis(1));
    }

    private void answer(String answer) throws InterruptedException {
        assertThat(answers.offer(answer, 20, TimeUnit.SECONDS)).as("it asks").isTrue();
    }

    private String told() throws InterruptedException {
        return observed.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void asksUntilTheGatewaySaysSo() throws Exception {
        try (var observer = observer()) {
            observer.expect("127.0.0.1", 4000, A);
            answer("");
            answer(B);
            answer("");
            assertThat(observed).isEmpty();
            answer(A);
            assertThat(told()).isEqualTo(A);
            assertThat(asked).hasSize(4).containsOnly("127.0.0.1 4000 /health");
        }
    }

    @Test
    void anAnswerToAnEarlierQuestionIsNotTakenForTheLatest() throws Exception {
        try (var observer = observer()) {
            observer.expect("127.0.0.1", 4000, A);
            assertThat(asked.poll(20, TimeUnit.SECONDS)).isNotNull();
            observer.expect("127.0.0.1", 4001, B);
            answer(A);
            assertThat(asked.poll(20, TimeUnit.SECONDS)).startsWith("127.0.0.1 4001");
            answer(B);
            assertThat(told()).isEqualTo(B);
            assertThat(observed).isEmpty();
        }
    }

    @Test
    void expectingTheSameAgainIsToldAgain() throws Exception {
        try (var observer = observer()) {
            for (int i = 0; i < 2; i++) {
                observer.expect("127.0.0.1", 4000, A);
                answer(A);
                assertThat(told()).isEqualTo(A);
            }
        }
    }

    @Test
    void forgetsWhatIsNotWanted() throws Exception {
        try (var observer = observer()) {
            observer.expect("127.0.0.1", 4000, A);
            assertThat(asked.poll(20, TimeUnit.SECONDS)).isNotNull();
            observer.forget();
            answer(A);
            observer.expect("127.0.0.1", 4000, B);
            answer(B);
            assertThat(told()).as("A was not wanted any more").isEqualTo(B);
        }
    }

    @Test
    void theDefaultAsksOverAPlainSocket() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream()
                            .write(("HTTP/1.0 200 OK\r\n\r\n{\"config\":\"" + A + "\"}")
                                    .getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The test fails for want of an answer.
                }
            });
            try (var observer = new GatewayObserver(observed::add)) {
                observer.expect("127.0.0.1", server.getLocalPort(), A);
                assertThat(told()).isEqualTo(A);
            }
        }
    }

    @Test
    void theDefaultDoesNotWaitForAServerThatHangs() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new PlainFetch(1).get("127.0.0.1", server.getLocalPort(), "/health"))
                    .isInstanceOf(IOException.class);
        }
    }
}
