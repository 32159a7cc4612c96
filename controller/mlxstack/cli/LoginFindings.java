package mlxstack.cli;

import java.util.ArrayList;
import java.util.List;
import mlxstack.autostart.Autostart;

/** What the doctor says of the login service. */
final class LoginFindings {

    private static final String SUBJECT = "login";

    private LoginFindings() {}

    static List<Finding> of(Autostart.Status status) {
        if (!status.installed() && !status.loaded()) {
            return List.of(Finding.ok(SUBJECT, "does not start at login; mlxstackctl install would have it do so"));
        }
        if (status.healthy()) {
            return List.of(Finding.ok(SUBJECT, "run by %s, pid %d".formatted(status.manager(), status.pid())));
        }
        var findings = new ArrayList<Finding>();
        status.findings().forEach(text -> findings.add(Finding.warn(SUBJECT, text, "mlxstackctl install")));
        if (findings.isEmpty()) {
            findings.add(
                    Finding.warn(SUBJECT, status.manager() + " does not run it at the moment", "mlxstackctl install"));
        }
        return findings;
    }
}
