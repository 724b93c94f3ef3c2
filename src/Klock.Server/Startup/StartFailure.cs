namespace Klock.Server.Startup;

/// <summary>The server cannot start; <see cref="Exception.Message"/> is the one line that says why and what is allowed.</summary>
/// <param name="sentence">The line, without the name of the program.</param>
/// <param name="cause">What was caught, if anything.</param>
internal sealed class StartFailure(string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>The exit code of the process.</summary>
    public const int ExitCode = 2;
}
