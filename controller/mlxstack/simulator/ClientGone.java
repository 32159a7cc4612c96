package mlxstack.simulator;

import java.io.IOException;

/** The client hung up. */
final class ClientGone extends IOException {

    private static final long serialVersionUID = 1;

    ClientGone() {
        super("the client has gone");
    }
}
