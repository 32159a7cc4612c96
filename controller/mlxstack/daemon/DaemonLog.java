package mlxstack.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;

/**
 * Where our programs log to: the daemon to a file that is rolled at 4 MiB and kept four times, everything else to
 * standard error. Found by logback as a service; no XML, whose parser is half of a small program's start.
 */
public final class DaemonLog extends ContextAwareBase implements Configurator {

    private static final String FILE = "mlxstack.log";
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n";

    /** Before the first logger is made. */
    static void to(Path file) {
        System.setProperty(FILE, file.toString());
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        String file = System.getProperty(FILE);
        OutputStreamAppender<ILoggingEvent> out = file == null ? console() : rolling(context, file);
        out.setContext(context);
        out.setEncoder(encoder);
        out.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(out);
        context.getLogger("mlxstack").setLevel(Level.INFO);
        context.getLogger("events").setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static OutputStreamAppender<ILoggingEvent> console() {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setTarget("System.err");
        return console;
    }

    private static OutputStreamAppender<ILoggingEvent> rolling(LoggerContext context, String file) {
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setFile(file);
        var names = new FixedWindowRollingPolicy();
        names.setContext(context);
        names.setParent(appender);
        names.setFileNamePattern(file + ".%i");
        names.setMinIndex(1);
        names.setMaxIndex(4);
        names.start();
        var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(4 * FileSize.MB_COEFFICIENT));
        size.start();
        appender.setRollingPolicy(names);
        appender.setTriggeringPolicy(size);
        return appender;
    }
}
