package mlxstack.route;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The words that LiteLLM's complexity router counts, as published; single words match whole words, others anywhere.
 * Immutable.
 */
record SevenWords(List<String> all, Set<String> words, List<String> phrases) {

    static final SevenWords CODE = of("""
            function, class, def, const, let, var, import, export, return, async, await, try, catch, exception, error, \
            debug, api, endpoint, request, response, database, sql, query, schema, algorithm, implement, refactor, \
            optimize, python, javascript, typescript, java, rust, golang, react, vue, angular, node, docker, \
            kubernetes, git, commit, merge, branch, pull request""");

    static final SevenWords REASONING = of("""
            step by step, think through, let's think, reason through, analyze this, break down, \
            explain your reasoning, show your work, chain of thought, think carefully, consider all, evaluate, \
            pros and cons, compare and contrast, weigh the options, logical, deduce, infer, conclude""");

    static final SevenWords TECHNICAL = of("""
            architecture, distributed, scalable, microservice, machine learning, neural network, deep learning, \
            encryption, authentication, authorization, performance, latency, throughput, benchmark, concurrency, \
            parallel, threading, memory, cpu, gpu, optimization, protocol, tcp, http, grpc, websocket, container, \
            orchestration""");

    static final SevenWords SIMPLE = of("""
            what is, what's, define, definition of, who is, who was, when did, when was, where is, where was, \
            how many, how much, yes or no, true or false, simple, brief, short, quick, hello, hi, hey, thanks, \
            thank you, goodbye, bye, okay""");

    private static SevenWords of(String list) {
        var all = Arrays.stream(list.split(", ")).toList();
        return new SevenWords(
                all,
                Set.copyOf(all.stream().filter(SevenWords::isWord).toList()),
                all.stream().filter(one -> !isWord(one)).toList());
    }

    private static boolean isWord(String entry) {
        return entry.chars().allMatch(Character::isLetter);
    }

    /** @param found all words of the text; both in lower case */
    int count(Set<String> found, String text) {
        int count = 0;
        for (String word : words) {
            if (found.contains(word)) {
                count++;
            }
        }
        for (String phrase : phrases) {
            if (phrase.indexOf(' ') >= 0 ? text.contains(phrase) : standsAlone(text, phrase)) {
                count++;
            }
        }
        return count;
    }

    /** With an apostrophe within, so that it is no single word here. */
    private static boolean standsAlone(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            if ((at == 0 || !isPart(text.codePointBefore(at)))
                    && (end == text.length() || !isPart(text.codePointAt(end)))) {
                return true;
            }
        }
        return false;
    }

    static Set<String> wordsOf(String text) {
        var words = new HashSet<String>();
        int start = -1;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            if (isPart(point)) {
                start = start < 0 ? at : start;
            } else if (start >= 0) {
                words.add(text.substring(start, at));
                start = -1;
            }
            at += Character.charCount(point);
        }
        if (start >= 0) {
            words.add(text.substring(start));
        }
        return words;
    }

    private static boolean isPart(int point) {
        return Character.isLetterOrDigit(point) || point == '_';
    }
}
