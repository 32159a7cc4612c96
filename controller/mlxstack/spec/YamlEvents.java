package mlxstack.spec;

import java.io.Reader;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.Event;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Jackson's YAML parser with a view of the YAML event behind each token: tokens alone hide anchors and tags of scalars,
 * and cannot tell an empty value from an empty text.
 */
final class YamlEvents extends YAMLFactory {

    private static final long serialVersionUID = 1;

    @Override
    protected YAMLParser _createParser(ObjectReadContext context, IOContext io, Reader reader) {
        return new Parser(
                context,
                io,
                context.getStreamReadFeatures(_streamReadFeatures),
                context.getFormatReadFeatures(_formatReadFeatures),
                this,
                reader);
    }

    static final class Parser extends YAMLParser {

        private Parser(
                ObjectReadContext context, IOContext io, int features, int yaml, YamlEvents factory, Reader reader) {
            super(context, io, factory._getBufferRecycler(), features, yaml, factory._loadSettings, reader);
        }

        /** The event of the current token; null before the first. */
        @Nullable
        Event event() {
            return _lastEvent;
        }
    }
}
