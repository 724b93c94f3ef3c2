using System.ComponentModel;
using System.Diagnostics;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>klock-server, a program of its own: a program with a web server linked in starts six times slower.</summary>
internal static class ServerProgram
{
    private static readonly string _program = OperatingSystem.IsWindows() ? "klock-server.exe" : "klock-server";

    /// <summary>Replaces this process by it: signals and exit code are its.</summary>
    /// <param name="verb">The verb that needs it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="CliFailure">It is not there, or cannot be run.</exception>
    public static int Become(string verb, string[] arguments)
    {
        string path = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath)!, _program);
        if (!File.Exists(path))
        {
            throw new CliFailure(
                ExitCode.NotFound, ErrorCode.InvalidRequest, $"{path} is not there: klock {verb} needs it beside klock.");
        }

        if (OperatingSystem.IsWindows())
        {
            return RunToItsEnd(path, arguments);
        }

        int problem = NativeCalls.Become(path, [_program, .. arguments]);
        throw new CliFailure(ExitCode.CannotExecute, ErrorCode.InvalidRequest, $"{path} cannot be run: {NativeCalls.ErrorText(problem)}.");
    }

    // Windows replaces no process. The console's Ctrl-C reaches both; the server ends well by it, and this process after it.
    private static int RunToItsEnd(string path, string[] arguments)
    {
        Console.CancelKeyPress += (_, key) => key.Cancel = true;
        try
        {
            using Process server = Process.Start(new ProcessStartInfo(path, arguments) { UseShellExecute = false })!;
            server.WaitForExit();
            return server.ExitCode;
        }
        catch (Win32Exception problem)
        {
            throw new CliFailure(ExitCode.CannotExecute, ErrorCode.InvalidRequest, $"{path} cannot be run: {problem.Message}.");
        }
    }
}
