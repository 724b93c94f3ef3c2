using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>A server that cannot be asked now, and may be there again soon: gone, starting anew, or without its store.</summary>
/// <param name="code">What it answered, or what stands for no answer.</param>
/// <param name="sentence">What is wrong.</param>
/// <param name="cause">What the system said.</param>
internal sealed class Unreachable(ErrorCode code, string sentence, Exception? cause = null)
    : CliFailure(Failures.ExitCode.Of(ErrorCode.StorageUnavailable), code, sentence, cause)
{
    /// <summary>Whether nothing was ever heard from it: its address may be a wrong one.</summary>
    public bool IsFirst { get; init; }

    /// <summary>When it wants to be asked again; null when it has not said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
