package mlxstack.simulator;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Where the lines go that tell what happens. */
interface Log {

    void line(String text);

    /** To the process's stdout, each line whole and at once, so that it is in the file when the process is killed. */
    static void stdout(String text) {
        // Not closed: the descriptor is the process's own.
        var out = new FileOutputStream(FileDescriptor.out);
        try {
            out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Nobody reads: there is no better place to say so.
            return;
        }
    }
}
