package mlxstack.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        header = "Print a completion script for a shell",
        description = "Completes verbs, and the names of processes while the daemon runs.",
        footer = {
            "# bash, in ~/.bashrc",
            "eval \"$(mlxstackctl completion bash)\"",
            "# zsh, in ~/.zshrc",
            "eval \"$(mlxstackctl completion zsh)\"",
            "# fish",
            "mlxstackctl completion fish > ~/.config/fish/completions/mlxstackctl.fish"
        })
final class CompletionVerb implements Action {

    private static final String NAMES = "mlxstackctl get -o name 2>/dev/null | sed 's,.*/,,'";

    @Parameters(paramLabel = "SHELL", arity = "1")
    String shell = "";

    @Override
    public int run(Session session) throws InterruptedException {
        String verbs = Verbs.ALL.stream().map(Verbs.Verb::name).collect(Collectors.joining(" "));
        String bash = """
                _mlxstackctl() {
                    local word=${COMP_WORDS[COMP_CWORD]}
                    if [ "$COMP_CWORD" -eq 1 ]; then
                        COMPREPLY=($(compgen -W "%s" -- "$word"))
                    elif [ "${COMP_WORDS[COMP_CWORD-1]}" = -f ]; then
                        COMPREPLY=($(compgen -f -- "$word"))
                    else
                        COMPREPLY=($(compgen -W "$(%s)" -- "$word"))
                    fi
                }
                complete -F _mlxstackctl mlxstackctl
                """.formatted(verbs, NAMES);
        switch (shell) {
            case "bash" -> session.output().out(bash);
            case "zsh" -> session.output().out("autoload -U +X bashcompinit && bashcompinit\n" + bash);
            case "fish" -> session.output().out("""
                        complete -c mlxstackctl -f
                        complete -c mlxstackctl -n __fish_use_subcommand -a "%s"
                        complete -c mlxstackctl -n 'not __fish_use_subcommand' -a '(%s)'
                        """.formatted(verbs, NAMES.replace("'", "\"")));
            default -> {
                return session.fail("expected bash, zsh or fish, found \"" + shell + "\"");
            }
        }
        return 0;
    }
}
