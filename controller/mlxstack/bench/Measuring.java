package mlxstack.bench;

import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Puts a load on a server and says what came of it. Confined to one thread; clients have threads of their own. */
public final class Measuring {

    private final Chat chat;
    private final Load load;
    /** One line on each step that takes time. */
    private final Consumer<String> progress;

    private static final int SAMPLE_WORDS = 40;

    /** Of a prompt; of English in the tokenizers of today, until this one's own is known. */
    private int words;

    /** Of the next prompt; starts anywhere, so that a second measuring meets no cache of the first. */
    private long number;

    public Measuring(Chat chat, Load load, long start, Consumer<String> progress) {
        this.chat = chat;
        this.load = load;
        this.number = start;
        this.words = Math.max(1, (int) (load.promptTokens() / 1.3));
        this.progress = progress;
    }

    /** Left: one line, when the server answers not even once. */
    public Either<String, List<Figures>> run() throws InterruptedException {
        progress.accept("warming up");
        for (int i = 0; i <= load.warmups(); i++) {
            var answer = i == 0 ? calibrate() : ask();
            if (answer.isLeft()) {
                return Either.left(answer.getLeft());
            }
        }
        var all = new ArrayList<Figures>();
        for (int clients : load.clients()) {
            progress.accept("%d × %d requests".formatted(clients, load.runs()));
            all.add(together(clients));
        }
        return Either.right(all);
    }

    /** Two short prompts tell how many tokens one more word is, whatever the chat template adds. */
    private Either<String, Sample> calibrate() {
        var few = chat.stream(Prompt.of(SAMPLE_WORDS, number++), 2);
        var more = few.isLeft() ? few : chat.stream(Prompt.of(3 * SAMPLE_WORDS, number++), 2);
        return more.peek(sample -> {
            int least = few.get().promptTokens();
            double word = (sample.promptTokens() - least) / (2.0 * SAMPLE_WORDS);
            if (word > 0) {
                words = Math.max(1, SAMPLE_WORDS + (int) Math.round((load.promptTokens() - least) / word));
            }
        });
    }

    private Either<String, Sample> ask() {
        return chat.stream(Prompt.of(words, number++), load.maxTokens());
    }

    private Figures together(int clients) throws InterruptedException {
        var samples = new ArrayList<Sample>();
        var failures = new ArrayList<String>();
        long began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<List<Either<String, Sample>>>>();
            for (int i = 0; i < clients; i++) {
                long from = number;
                number += load.runs();
                answers.add(threads.submit(() -> inTurn(from)));
            }
            for (var each : answers) {
                each.get().forEach(answer -> answer.fold(failures::add, samples::add));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request failed in a way of its own", e.getCause());
        }
        return Figures.of(clients, samples, System.nanoTime() - began, failures);
    }

    private List<Either<String, Sample>> inTurn(long from) {
        var answers = new ArrayList<Either<String, Sample>>();
        for (int i = 0; i < load.runs(); i++) {
            answers.add(chat.stream(Prompt.of(words, from + i), load.maxTokens()));
        }
        return answers;
    }
}
