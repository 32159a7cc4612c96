package mlxstack.wire;

import java.util.Base64;

/**
 * What an image costs, by its size in pixels as Anthropic counts it: width times height over 750, after it was made to fit
 * 1,568 by 1,568. Of the data only the head is decoded.
 */
final class ImageTokens {

    private static final int EDGE = 1_568;
    private static final int PIXELS = 750;
    /** A JPEG's size stands behind its thumbnail and colour tables. */
    private static final int HEAD = 96 << 10;

    private ImageTokens() {}

    /** @param base64 of a PNG, GIF or JPEG; anything else counts as a large one */
    static long of(String base64) {
        byte[] head;
        try {
            head = Base64.getDecoder().decode(base64.substring(0, Math.min(base64.length(), HEAD) / 4 * 4));
        } catch (IllegalArgumentException _) {
            return TokenEstimate.IMAGE;
        }
        long size = size(head);
        long width = size >>> 32;
        long height = size & 0xFFFF_FFFFL;
        if (width == 0 || height == 0) {
            return TokenEstimate.IMAGE;
        }
        double shrunk = Math.min(1, (double) EDGE / Math.max(width, height));
        double pixels = width * shrunk * height * shrunk;
        return Math.clamp((long) Math.ceil(pixels / PIXELS), 1, TokenEstimate.IMAGE);
    }

    /** Width in the upper half, height in the lower; 0 when it is none of the three. */
    private static long size(byte[] head) {
        if (head.length > 24 && at(head, 0, 4) == 0x8950_4E47L) {
            return (at(head, 16, 4) << 32) | at(head, 20, 4);
        }
        if (head.length > 10 && at(head, 0, 3) == 0x47_4946L) {
            return (low(head, 6) << 32) | low(head, 8);
        }
        return head.length > 4 && at(head, 0, 2) == 0xFFD8 ? jpeg(head) : 0;
    }

    /** From segment to segment until the one that begins the picture, of which there are several kinds. */
    private static long jpeg(byte[] head) {
        int i = 2;
        while (i + 9 < head.length && (head[i] & 0xFF) == 0xFF) {
            int marker = head[i + 1] & 0xFF;
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                return (at(head, i + 7, 2) << 32) | at(head, i + 5, 2);
            }
            i += 2 + (int) at(head, i + 2, 2);
        }
        return 0;
    }

    /** GIF's bytes are the other way round. */
    private static long low(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) + ((bytes[offset + 1] & 0xFFL) << 8);
    }

    private static long at(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) + (bytes[offset + i] & 0xFF);
        }
        return value;
    }
}
