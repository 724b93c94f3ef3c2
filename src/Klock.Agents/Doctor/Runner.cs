using System.Diagnostics;

namespace Klock.Agents.Doctor;

/// <summary>What a program said that was run to its end.</summary>
/// <param name="ExitCode">Its exit code; null when it could not be started, or its time was up.</param>
/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Error">What it wrote to stderr, or why it could not be started.</param>
/// <param name="Time">How long it took.</param>
internal sealed record RunResult(int? ExitCode, string Output, string Error, TimeSpan Time);

/// <summary>Runs programs as a client would.</summary>
internal static class Runner
{
    /// <summary>Runs one, with a limit.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where.</param>
    /// <param name="input">What it reads on stdin.</param>
    /// <param name="variables">Environment variables beside the inherited ones; null takes one out.</param>
    /// <param name="limit">How long it may take; then it is killed.</param>
    public static RunResult Run(
        string program, IReadOnlyList<string> arguments, string folder, string input, IReadOnlyDictionary<string, string?> variables,
        TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in variables)
        {
            start.Environment[name] = value;
        }

        long began = TimeProvider.System.GetTimestamp();
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            Feed(process, input);
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return new RunResult(null, "", $"it did not end within {limit.TotalSeconds} s", TimeProvider.System.GetElapsedTime(began));
            }

            TimeSpan time = TimeProvider.System.GetElapsedTime(began);

            // A child of it may still have the pipes.
            return Task.WaitAll([output, error], limit)
                ? new RunResult(process.ExitCode, output.Result, error.Result, time)
                : new RunResult(process.ExitCode, "", "it left a process behind that holds its output", time);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return new RunResult(null, "", failure.Message, TimeProvider.System.GetElapsedTime(began));
        }
    }

    // A program may end without reading what it is given: how it ended is then what counts.
    private static void Feed(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }
}
