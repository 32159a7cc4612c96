package mlxstack.daemon;

import java.time.Duration;
import java.util.function.Supplier;
import mlxstack.engine.EngineEnvironment;
import mlxstack.engine.Engines;

/** The engines as they are to be looked for now: {@code up} may have recorded another PATH. Any thread. */
final class LatestEngines implements Supplier<Engines> {

    /** Imports alone can take a Python program many seconds. */
    private static final Duration HELP = Duration.ofSeconds(60);

    private final Settings settings;
    private final SearchPath searchPath;
    private volatile Made latest;

    private record Made(String path, Engines engines) {}

    LatestEngines(Settings settings, SearchPath searchPath) {
        this.settings = settings;
        this.searchPath = searchPath;
        this.latest = make(searchPath.current());
    }

    @Override
    public Engines get() {
        String path = searchPath.current();
        Made made = latest;
        if (!made.path.equals(path)) {
            made = make(path);
            latest = made;
        }
        return made.engines;
    }

    private Made make(String path) {
        return new Made(
                path,
                new Engines(new EngineEnvironment(
                        settings.home().root(),
                        settings.userHome(),
                        settings.java(),
                        settings.classpath(),
                        path,
                        settings.environment(),
                        HELP)));
    }
}
