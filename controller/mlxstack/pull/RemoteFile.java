package mlxstack.pull;

import java.util.regex.Pattern;

/**
 * A file of a model as a hub describes it.
 *
 * @param path in the repository, parted by slashes
 * @param size bytes; -1 when the hub does not say
 * @param checksum also the name of its blob
 */
public record RemoteFile(String path, long size, Checksum checksum) {

    private static final Pattern BLOB = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    /** Whether it may become files of these names under a folder of ours: what a hub says is not to be trusted. */
    boolean harmless() {
        if (path.isEmpty() || path.startsWith("/") || path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > 255) {
                return false;
            }
        }
        return BLOB.matcher(checksum.text()).matches();
    }

    /** After the last slash. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
