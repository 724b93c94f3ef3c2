namespace Klock.Build;

/// <summary>The build cannot go on, and <see cref="Exception.Message"/> says why in words meant for its caller.</summary>
/// <param name="message">What is wrong and, where there is one, the remedy. Shown as it is, with no stack trace.</param>
/// <param name="exitCode">The exit code of the process: 1 for work that failed, 2 for a wrong call or an unsuitable machine.</param>
internal sealed class BuildFailure(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>A wrong call, or a machine that lacks something.</summary>
    public const int NotRight = 2;

    /// <summary>The exit code of the process, never 0.</summary>
    public int ExitCode { get; } = exitCode;
}
