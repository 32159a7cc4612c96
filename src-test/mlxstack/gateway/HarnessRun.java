package mlxstack.gateway;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every tool that can be installed here, with its generated files. Not among the tests of every build, for some are
 * large: {@code .ci/peers} runs them.
 */
class HarnessRun {

    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource
    void doesItsTaskWithWhatWasWrittenForIt(HarnessTool tool) throws Exception {
        HarnessTasks.done(tool, dir, "");
    }

    @ParameterizedTest
    @EnumSource
    void findsItsKeyInTheEnvironmentThatItWasToldOf(HarnessTool tool) throws Exception {
        HarnessTasks.done(tool, dir, "key-of-ada");
    }
}
