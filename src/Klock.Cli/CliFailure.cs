using Klock.Coordinator;

namespace Klock.Cli;

/// <summary>Ends the program: one line on stderr, and this exit code.</summary>
internal sealed class CliFailure(int exitCode, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What was typed cannot be meant.</summary>
    public static CliFailure Usage(string sentence) => new(Cli.ExitCode.Usage, sentence);

    public static CliFailure Of(KlockException problem) => new(Cli.ExitCode.Of(problem.Code), problem.Message, problem);
}
