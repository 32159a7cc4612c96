package mlxstack.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import mlxstack.ledger.Answers;
import mlxstack.spec.Keeping;
import mlxstack.wire.MemoryStore;
import mlxstack.wire.ResponseStore;
import org.jspecify.annotations.Nullable;

/**
 * What clients of Responses go on from: what was used last in memory, and all of it on disk, from where it is
 * {@linkplain #bring brought} before a request that needs it goes on. Event loop only.
 */
final class AnswerStore implements ResponseStore {

    private static final int ANSWERS = 1_000;
    private static final long BYTES = 16 << 20;

    private final Answers disk;
    private final Executor loop;
    private MemoryStore memory = new MemoryStore(ANSWERS, BYTES);
    private Keeping known;

    /**
     * @param keeping as the table says it now
     * @param loop runs things on the event loop
     */
    AnswerStore(Answers disk, Keeping keeping, Executor loop) {
        this.disk = disk;
        this.loop = loop;
        this.known = keeping;
        apply();
    }

    /** Does as a table says from now on. */
    void keeping(Keeping keeping) {
        if (!keeping.equals(known)) {
            known = keeping;
            apply();
        }
    }

    private void apply() {
        if (known.answers() == Keeping.Answers.DISK) {
            disk.bounds(Duration.ofDays(known.answerDays()), known.answerBytes());
        } else {
            disk.destroy();
        }
        if (known.answers() == Keeping.Answers.NONE) {
            memory = new MemoryStore(ANSWERS, BYTES);
        }
    }

    /** Whether anything might have to be brought. */
    boolean hasMore() {
        return disk.any();
    }

    /**
     * Has these answers in memory as far as they are kept, with all that led to them.
     *
     * @param then run at once when they are there already
     */
    void bring(String owner, Collection<String> ids, Runnable then) {
        var missing = new ArrayDeque<String>();
        if (disk.any()) {
            for (String id : ids) {
                if (memory.find(owner, id) == null) {
                    missing.add(id);
                }
            }
        }
        next(owner, missing, then);
    }

    private void next(String owner, ArrayDeque<String> missing, Runnable then) {
        String id = missing.poll();
        if (id == null) {
            then.run();
            return;
        }
        disk.find(owner, id)
                .whenCompleteAsync(
                        (found, _) -> {
                            if (found != null && known.answers() == Keeping.Answers.DISK) {
                                found.forEach(each -> memory.keep(each.kept()));
                                found.stream()
                                        .filter(Answers.Remembered::hidden)
                                        .forEach(each ->
                                                memory.delete(owner, each.kept().id()));
                            }
                            next(owner, missing, then);
                        },
                        loop);
    }

    @Override
    public void keep(Kept answer) {
        if (known.answers() == Keeping.Answers.NONE) {
            return;
        }
        memory.keep(answer);
        // What is too long for it is not kept at all.
        if (known.answers() == Keeping.Answers.DISK && memory.find(answer.owner(), answer.id()) != null) {
            disk.keep(answer);
        }
    }

    @Override
    public @Nullable Kept find(String owner, String id) {
        return memory.find(owner, id);
    }

    @Override
    public List<Kept> history(String owner, String id) {
        return memory.history(owner, id);
    }

    @Override
    public boolean delete(String owner, String id) {
        boolean there = memory.delete(owner, id);
        if (there) {
            disk.delete(owner, id);
        }
        return there;
    }

    void close(Duration atMost) throws InterruptedException {
        disk.close(atMost);
    }
}
