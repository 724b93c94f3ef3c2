using Klock.Coordinator;

namespace Klock.Cli;

/// <summary>Ends the program: one line on stderr, with <c>--json</c> an error on stdout, and this exit code.</summary>
internal class CliFailure(int exitCode, ErrorCode code, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What it is called in JSON.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>What was typed cannot be meant.</summary>
    public static CliFailure Usage(string sentence) => Of(ErrorCode.InvalidRequest, sentence);

    /// <summary>The store or the server cannot be used.</summary>
    public static CliFailure Unavailable(string sentence, Exception? cause = null) => Of(ErrorCode.StorageUnavailable, sentence, cause);

    /// <summary>What went wrong, with the exit code that it has.</summary>
    public static CliFailure Of(ErrorCode code, string sentence, Exception? cause = null) =>
        new(Cli.ExitCode.Of(code), code, sentence, cause);
}
