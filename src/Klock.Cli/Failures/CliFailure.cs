using Klock.Coordinator.Protocol;

namespace Klock.Cli.Failures;

/// <summary>Ends the program: one line on stderr, with <c>--json</c> an error on stdout, and this exit code.</summary>
internal class CliFailure(int exitCode, ErrorCode code, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Its code in JSON.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>The command line is invalid.</summary>
    public static CliFailure Usage(string sentence) => Of(ErrorCode.InvalidRequest, sentence);

    /// <summary>Something is not available on this system.</summary>
    /// <param name="what">What was asked for.</param>
    /// <param name="why">Why it is for Linux alone, or what to do instead.</param>
    public static CliFailure NotHere(string what, string why) => new(
        Failures.ExitCode.CannotExecute, ErrorCode.InvalidRequest, $"{what} is available on Linux only: {why}.");

    /// <summary>The store or the server cannot be used.</summary>
    public static CliFailure Unavailable(string sentence, Exception? cause = null) => Of(ErrorCode.StorageUnavailable, sentence, cause);

    /// <summary>An error, with its exit code.</summary>
    public static CliFailure Of(ErrorCode code, string sentence, Exception? cause = null) =>
        new(Failures.ExitCode.Of(code), code, sentence, cause);

    /// <summary>The system grants this process no more threads, or not as many as it needs.</summary>
    public static CliFailure NoThreads() => new(
        Failures.ExitCode.Of(ErrorCode.StorageUnavailable),
        ErrorCode.Internal,
        "too few threads can be started: the limit on processes and threads (ulimit -u, or pids of a container or service) is reached. "
            + "Raise it, or end others.");
}
