package mlxstack.pull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a file's content is known by, and the name of its blob in the cache.
 *
 * @param text lower-case hexadecimal, but for {@link Kind#NONE}
 */
public record Checksum(Kind kind, String text) {

    public enum Kind {
        /** Of the content: large files. */
        SHA256("sha256"),
        /** As git names a blob: the SHA-1 of its length and content. */
        GIT("git sha1"),
        /** A name that says nothing about the content. */
        NONE("");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** What an entity tag or the name of a blob stands for. */
    static Checksum named(String name) {
        if (name.matches("[0-9a-f]{64}")) {
            return new Checksum(Kind.SHA256, name);
        }
        return new Checksum(name.matches("[0-9a-f]{40}") ? Kind.GIT : Kind.NONE, name);
    }

    /** Adds up what is read. Confined to one thread. */
    Sum sum(long size) {
        return new Sum(kind, size);
    }

    static final class Sum {

        private final Kind kind;
        private final MessageDigest digest;

        private Sum(Kind kind, long size) {
            this.kind = kind;
            try {
                digest = MessageDigest.getInstance(kind == Kind.SHA256 ? "SHA-256" : "SHA-1");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
            if (kind == Kind.GIT) {
                digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
        }

        void add(byte[] bytes, int from, int count) {
            if (kind != Kind.NONE) {
                digest.update(bytes, from, count);
            }
        }

        void add(ByteBuffer bytes) {
            if (kind != Kind.NONE) {
                digest.update(bytes);
            }
        }

        String text() {
            return HexFormat.of().formatHex(digest.digest());
        }

        boolean is(Checksum wanted, String found) {
            return kind == Kind.NONE || wanted.text().equals(found);
        }
    }
}
