package mlxstack.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The kernel as it is, until the first spawn: then this program dies, as by kill -9. */
public final class HaltingPlatform {

    public static final int CODE = 9;

    private HaltingPlatform() {}

    /** Proxies of what the package keeps to itself are made in the package. */
    private interface Halting extends Platform {}

    /** @param spawned whether the child is there already when it happens */
    public static Platform around(Platform real, boolean spawned) {
        InvocationHandler handler = (_, method, arguments) -> {
            boolean spawn = method.getName().equals("spawn");
            if (spawn && !spawned) {
                Runtime.getRuntime().halt(CODE);
            }
            try {
                Object result = method.invoke(real, arguments);
                if (spawn) {
                    Runtime.getRuntime().halt(CODE);
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Platform)
                Proxy.newProxyInstance(HaltingPlatform.class.getClassLoader(), new Class<?>[] {Halting.class}, handler);
    }
}
