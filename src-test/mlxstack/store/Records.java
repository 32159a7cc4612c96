package mlxstack.store;

import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Changed copies of records, by the name of a component. */
final class Records {

    private Records() {}

    static <T extends Record> T with(T record, String component, @Nullable Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        var types = new Class<?>[components.length];
        var parts = new @Nullable Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                boolean changed = components[i].getName().equals(component);
                parts[i] = changed ? value : components[i].getAccessor().invoke(record);
            }
            @SuppressWarnings("unchecked") // The class of a T makes Ts.
            Class<T> type = (Class<T>) record.getClass();
            return type.getDeclaredConstructor(types).newInstance(parts);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
