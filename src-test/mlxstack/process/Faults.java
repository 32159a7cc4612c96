package mlxstack.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A kernel that does what the real one cannot be made to do. Usable from any thread. */
public final class Faults {

    private Faults() {}

    /** Stands before the real kernel. */
    public interface Instead {
        /** @return null lets the real one answer */
        @Nullable
        Object answer(String method, Object[] arguments);
    }

    /** Not public, so that the stand-in is of this package and may touch what only this package sees. */
    interface OfThisPackage {}

    public static Platform before(Platform real, Instead instead) {
        return (Platform) Proxy.newProxyInstance(
                Faults.class.getClassLoader(),
                new Class<?>[] {Platform.class, OfThisPackage.class},
                (_, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    Object answer = instead.answer(method.getName(), arguments);
                    try {
                        return answer != null ? answer : method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The number that kernel gives for an error. */
    public static int errno(Platform platform, String name) {
        for (int negative = -1; negative > -200; negative--) {
            if (platform.errno(negative).equals(name)) {
                return negative;
            }
        }
        throw new AssertionError("no errno " + name);
    }
}
