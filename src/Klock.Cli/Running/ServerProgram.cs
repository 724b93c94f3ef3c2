using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>klock-server, a program of its own: a program with a web server linked in starts six times slower.</summary>
internal static class ServerProgram
{
    private const string Program = "klock-server";

    /// <summary>Replaces this process by it: signals and exit code are its.</summary>
    /// <param name="verb">The verb that needs it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="CliFailure">It is not there, or cannot be run.</exception>
    public static int Become(string verb, string[] arguments)
    {
        string path = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, Program);
        if (!File.Exists(path))
        {
            throw new CliFailure(
                ExitCode.NotFound, ErrorCode.InvalidRequest, $"{path} is not there: klock {verb} needs it beside klock.");
        }

        int problem = NativeCalls.Become(path, [Program, .. arguments]);
        throw new CliFailure(ExitCode.CannotExecute, ErrorCode.InvalidRequest, $"{path} cannot be run: {NativeCalls.ErrorText(problem)}.");
    }
}
