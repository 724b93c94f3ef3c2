using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>A server that does not answer now, and may soon: it is gone, restarts, or is without its store.</summary>
/// <param name="code">Its error code, or one that stands for no answer.</param>
/// <param name="sentence">What is wrong.</param>
/// <param name="cause">What the system said.</param>
internal sealed class Unreachable(ErrorCode code, string sentence, Exception? cause = null)
    : CliFailure(Failures.ExitCode.Of(ErrorCode.StorageUnavailable), code, sentence, cause)
{
    /// <summary>Whether it never answered: its address may be wrong.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether it got the request, which may have been carried out: also if it, or a proxy before it, says that it failed.
    /// </summary>
    public bool WasSent { get; init; }

    /// <summary>When to ask it again; null when it has not said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
