using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Running;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Starts klock-server, a program of its own: a program with a web server linked in starts six times slower.</summary>
internal static class ServeVerb
{
    public const string Name = "serve";

    private const string Program = "klock-server";

    /// <summary>For the list of verbs and for completion. It is never parsed: the arguments after it are the server's.</summary>
    public static Command Create() => new(Name, "Coordinate agents over HTTP. Its flags: klock serve --help.");

    /// <summary>Replaces this process by the server: signals and exit code are the server's.</summary>
    /// <exception cref="CliFailure">It is not there, or cannot be run.</exception>
    public static int HandOver(string[] arguments)
    {
        string path = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, Program);
        if (!File.Exists(path))
        {
            throw new CliFailure(ExitCode.NotFound, ErrorCode.InvalidRequest, $"{path} is not there: klock serve needs it beside klock.");
        }

        int problem = NativeCalls.Become(path, [Program, .. arguments]);
        throw new CliFailure(ExitCode.CannotExecute, ErrorCode.InvalidRequest, $"{path} cannot be run: {NativeCalls.ErrorText(problem)}.");
    }
}
