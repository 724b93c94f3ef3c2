namespace Klock.Cli.Output;

/// <summary>What help and the manual show beside the options.</summary>
internal static class Guide
{
    /// <summary>Examples for each verb.</summary>
    public static readonly IReadOnlyDictionary<string, (string Command, string What)[]> Examples =
        new Dictionary<string, (string, string)[]>(StringComparer.Ordinal)
        {
            ["acquire"] =
            [
                ("klock acquire --file src/auth.ts --note \"new login\" --ttl 5m", "take a file for five minutes"),
                ("klock acquire --read docs/login.md --resource CUSTOM:deploy --wait 30s", "both or none, waiting in the queue"),
            ],
            ["release"] =
            [
                ("klock release 3f9a01c2", "by the beginning of its id"),
                ("klock release src/auth.ts", "yours on a file"),
                ("klock release", "all of yours: of KLOCK_AGENT_ID, and KLOCK_SESSION_ID if that is set"),
            ],
            ["renew"] =
            [
                ("klock renew --all --agent me --session run-1", "let them last their ttl again"),
                ("klock renew --ttl 30m src/auth.ts", "more time for one of yours: half an hour from now on"),
            ],
            ["run"] =
            [
                ("klock run --file src/auth.ts -- ./edit.sh", "wait for the file, hold it while the command runs"),
                ("klock run --file src --wait 0s -- make fmt", "a folder and all beneath it, or nothing at once"),
            ],
            ["check"] = [("klock check < manifest.json", "exit code 0: it would be granted; 10: wait; 11: die")],
            ["leases"] = [("klock leases src", "who holds what in a folder"), ("klock leases --agent me --json", "for a program")],
            ["agents"] = [("klock agents", "the oldest first: it may wait where younger ones must give way")],
            ["events"] = [("klock events --last 5", "what happened last"), ("klock events --after 1041 --json", "what happened since")],
            ["why"] = [("klock why src/auth.ts", "who has it, who waits for it"), ("klock why CUSTOM:deploy", "as a table names it")],
            ["watch"] = [("klock watch", "live, until q"), ("klock watch --once", "once")],
            ["status"] = [("klock status", "all on one screen")],
            ["health"] = [("klock health --server http://127.0.0.1:3100", "exit code 0: it works; 4: it does not")],
            ["revoke"] = [("klock revoke 3f9a01c2", "take it away from its holder, who notices within a second")],
            ["fence"] = [("klock fence claude:7c1 -- make", "what hooks run in place of make where shell is fence")],
            ["install"] =
            [
                ("klock install claude codex", "in this work tree, for everybody who works in it"),
                ("klock install claude --user", "in your own settings, for all repositories"),
                ("klock install --remove claude", "take the hooks out again"),
            ],
            ["doctor"] = [("klock doctor", "are the agents here protected? The hook before tools is run, and must block")],
            ["config"] = [("klock config", "the settings in force here, and where each comes from")],
            ["hook"] = [("klock hook claude PreToolUse < event.json", "as a client calls it")],
            ["where"] = [("klock where", "which store or server, and why")],
            ["import"] = [("klock import old/klock.db", "what the original's server left: stop that one first")],
            ["serve"] = Klock.Examples.OfServe,
            ["mcp"] = Klock.Examples.OfMcp,
            ["completion"] = [("klock completion bash > ~/.local/share/bash-completion/completions/klock", "for every shell from now on")],
            ["man"] = [("klock man | man -l -", "the manual without an installation")],
            ["version"] = [("klock version", "which Klock this is")],
        };

    /// <summary>The variables that klock obeys, and what they are for.</summary>
    public static readonly (string Name, string What)[] Variables =
    [
        ("KLOCK_SERVER, KLOCK_SOCKET, KLOCK_STORAGE", "Where the state is, as the options of these names say; the first that is set."),
        ("KLOCK_AGENT_ID, KLOCK_SESSION_ID", "Who asks, as --agent and --session say it. A run is a session of its own all the same."),
        ("KLOCK_HOOKS, KLOCK_WAIT, KLOCK_IDLE, KLOCK_ON_FAILURE, KLOCK_SHELL, KLOCK_WORKTREES", "Settings of the hooks: see klock config."),
        ("KLOCK_API_KEY", "The key for a server that wants one."),
        ("KLOCK_LEASE_IDS, KLOCK_FENCING_TOKEN", "Set for the command of run: its leases, and the highest of its fencing tokens."),
        ("http_proxy, https_proxy, all_proxy, no_proxy", "The way to a server on another machine, in capitals too."),
        ("XDG_STATE_HOME, HOME", "Where your own store is, outside of git repositories."),
        ("COLUMNS, LINES, TERM, NO_COLOR", "What the terminal is like."),
    ];
}
