using System.CommandLine;
using Klock.Cli.Running;

namespace Klock.Cli.Verbs;

/// <summary>Starts the server.</summary>
internal static class ServeVerb
{
    public const string Name = "serve";

    /// <summary>For the list of verbs and for completion. It is never parsed: the arguments after it are the server's.</summary>
    public static Command Create() => new(Name, "Coordinate agents over HTTP. Its flags: klock serve --help.");

    /// <summary>Replaces this process by the server: signals and exit code are the server's.</summary>
    /// <exception cref="Failures.CliFailure">It is not there, or cannot be run.</exception>
    public static int HandOver(string[] arguments) => ServerProgram.Become(Name, arguments);
}
