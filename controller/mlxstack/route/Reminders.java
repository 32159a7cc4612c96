package mlxstack.route;

import java.util.List;

/**
 * Takes out of a user's message what a harness put there: reminders, its environment, instructions. They say nothing of
 * how hard the question is, and they are the same each time. Stateless.
 */
final class Reminders {

    private record Block(String open, String close) {}

    /** Claude Code, Codex, Copilot; in lower case. */
    private static final List<Block> BLOCKS = List.of(
            tag("system-reminder"),
            tag("environment_context"),
            tag("user_instructions"),
            tag("permissions instructions"),
            tag("turn_context"),
            tag("environment_info"),
            tag("workspace_info"),
            tag("reminderinstructions"),
            new Block("# agents.md instructions", "</instructions>"));

    private Reminders() {}

    private static Block tag(String name) {
        return new Block("<" + name + ">", "</" + name + ">");
    }

    /** Blocks that are not closed stay. */
    static String stripped(String text) {
        if (text.indexOf('<') < 0) {
            return text;
        }
        String left = text;
        for (Block block : BLOCKS) {
            left = without(block, left);
        }
        return left.strip();
    }

    private static String without(Block block, String text) {
        // Of one length with the text: only ASCII is folded.
        String folded = folded(text);
        int open = folded.indexOf(block.open());
        if (open < 0) {
            return text;
        }
        var left = new StringBuilder();
        int from = 0;
        while (open >= 0) {
            int close = folded.indexOf(block.close(), open + block.open().length());
            if (close < 0) {
                break;
            }
            left.append(text, from, open);
            from = close + block.close().length();
            open = folded.indexOf(block.open(), from);
        }
        return left.append(text, from, text.length()).toString();
    }

    private static String folded(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'A' && chars[i] <= 'Z') {
                chars[i] = (char) (chars[i] + ('a' - 'A'));
            }
        }
        return new String(chars);
    }
}
