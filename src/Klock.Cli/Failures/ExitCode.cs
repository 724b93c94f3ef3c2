using Klock.Agents.Install.GitHooks;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Failures;

/// <summary>The exit codes: stable, since scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int LeaseLost = 13;
    public const int NotProtected = 14;
    public const int CommitRefused = GitHookText.Refused;
    public const int CannotExecute = 126;
    public const int NotFound = 127;

    /// <summary>Plus the number of the signal that ended the command.</summary>
    public const int Signal = 128;

    /// <summary>The text of <c>--help</c>.</summary>
    public const string Help = """
        Exit codes:
          0         done, granted
          1         a defect in Klock
          2         wrong usage, or the request was not valid
          3         no such lease, or it has run out
          4         the store or the server cannot be used
          5         the server did not accept the key, or it may not do this
          6         the agent holds something: its priority cannot change
          10        WAIT: in the way are only younger sessions
          11        DIE: an older session is in the way
          12        WAIT_TIMEOUT: the time to wait was up
          13        run: a lease was lost, and the command was stopped or had ended
          14        doctor: the agents of a client are not protected, or git's hooks do not work
          15        hook git: the commit is refused
          126, 127  run, fence, serve, mcp: the program cannot be executed, or was not found
          128 + n   ended by signal n
          run passes the exit code of its command on.
        """;

    /// <summary>The code for an error.</summary>
    public static int Of(ErrorCode code) => code.Info().ExitCode;

    /// <summary>The code for a refusal.</summary>
    public static int Of(RefusalReason reason) => reason.Info().ExitCode;

    /// <summary>The code for an answer.</summary>
    public static int Of(Outcome outcome) =>
        outcome.Refusal is { } reason ? Of(reason) : outcome.Error is { } code ? Of(code) : Done;
}
