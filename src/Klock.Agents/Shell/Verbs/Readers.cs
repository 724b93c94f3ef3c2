namespace Klock.Agents.Shell.Verbs;

/// <summary>Commands that write no file of a work tree, whatever their arguments. Their redirections are not their own doing.</summary>
internal static class Readers
{
    // Those that show a file as it is, so that who runs them knows it afterwards.
    private const string Showing = "cat bat tac nl head tail less more most";

    /// <summary>Their names.</summary>
    private const string Names =
        // Text and files.
        "wc cut paste tr rev fold fmt column expand unexpand comm join cmp diff diff3 colordiff "
        + "grep egrep fgrep rg ag ack zgrep jq gron xxd hexdump od strings base64 base32 md5sum sha1sum sha256sum sha512sum cksum shasum "
        + "ls ll la dir tree exa eza stat file du df readlink realpath basename dirname pwd locate which whereis type hash look tsort "
        + "mkdir chmod chown chgrp chattr mktemp mkfifo sync test [ zcat bzcat xzcat iconv shuf seq factor numfmt envsubst getopt "
        // The system.
        + "echo printf true false : sleep date cal uptime uname hostname whoami id groups users who w tty nproc arch lscpu free vmstat "
        + "ps top htop pgrep pidof kill pkill killall jobs fg bg wait disown lsof ss netstat ping dig host nslookup traceroute ip ifconfig "
        + "printenv getconf ulimit umask tput clear reset stty locale man help info apropos expr bc dc yes logger getent "
        // Builtins of the shell that change only the shell.
        + "set shopt alias unalias bind complete compgen history return exit break continue let trap times enable caller local "
        + "pwd dirs suspend logout "
        // Checkers that only look.
        + "mypy pyright flake8 pylint pydocstyle bandit shellcheck hadolint yamllint markdownlint golint staticcheck ldd nm objdump "
        + "readelf size cloc tokei scc";

    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs => [(Showing, Show), (Names, Nothing)];

    private static void Show(Call call) => call.ReadAll(Options.Read(call.Arguments, call.Name switch
    {
        "head" or "tail" => "n c s lines bytes pid sleep-interval",
        "nl" => "b d f h i l n s v w",
        "bat" => "l r H m language line-range highlight-line map-syntax style theme",
        _ => "",
    }).Operands);

    private static void Nothing(Call call)
    {
        // That is all that they do.
    }
}
