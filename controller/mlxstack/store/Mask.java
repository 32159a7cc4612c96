package mlxstack.store;

import java.util.List;

/** What becomes of texts on their way into JSON. */
interface Mask {

    /** Everything as it is. */
    Mask NONE = new Mask() {
        @Override
        public boolean changes() {
            return false;
        }

        @Override
        public Object value(String key, Object value) {
            return value;
        }

        @Override
        public List<String> words(List<String> words) {
            return words;
        }
    };

    /** Whether it changes anything at all. */
    default boolean changes() {
        return true;
    }

    /** @param value of any type, to be written under {@code key} of a map */
    Object value(String key, Object value);

    /** @param words a list of texts; most are command lines */
    List<String> words(List<String> words);
}
