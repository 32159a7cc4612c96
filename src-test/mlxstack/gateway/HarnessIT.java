package mlxstack.gateway;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The small ones of {@link HarnessRun}, in every build. */
class HarnessIT {

    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource(names = {"LANGCHAIN", "PYDANTIC_AI"})
    void doesItsTaskWithWhatWasWrittenForIt(HarnessTool tool) throws Exception {
        HarnessTasks.done(tool, dir, "");
    }

    @ParameterizedTest
    @EnumSource(names = {"LANGCHAIN", "PYDANTIC_AI"})
    void findsItsKeyInTheEnvironmentThatItWasToldOf(HarnessTool tool) throws Exception {
        HarnessTasks.done(tool, dir, "key-of-ada");
    }
}
