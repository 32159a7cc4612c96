package mlxstack.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HUP, which daemons take as "look at your files again"; without a handler the JVM would end. The JDK hands signals over
 * by a class outside its API, which is why it is reached by name.
 */
final class Hangup {

    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** {@code look} runs on a thread of the JVM's. Where the JVM cannot be told, HUP ends it as TERM does. */
    static void then(Runnable look) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            // The JVM calls nothing but handle().
            InvocationHandler looks = (_, _, _) -> {
                look.run();
                return null;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("HUP"),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, looks));
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InstantiationException
                | InvocationTargetException e) {
            LOG.warn("HUP is not understood here: {}", e.toString());
        }
    }
}
