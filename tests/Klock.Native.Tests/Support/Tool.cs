using System.Diagnostics;

namespace Klock.Native.Tests.Support;

/// <summary>Runs programs of the machine: readelf, cc, and the hosts that these tests compile.</summary>
internal static class Tool
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end; nothing it starts may wait for input. Three minutes are a failure.</summary>
    /// <returns>Its exit code, and all it wrote.</returns>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        bool hasEnded = process.WaitForExit(_patience);
        if (!hasEnded)
        {
            process.Kill(entireProcessTree: true);
        }

        string said = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        string command = $"{program} {string.Join(' ', arguments)}";
        Assert.True(hasEnded, $"{command} was killed after {_patience.TotalMinutes} min; it had said:\n{said}");
        return (process.ExitCode, said);
    }

    /// <summary>Runs a program that must succeed; answers what it wrote.</summary>
    public static string Output(string program, params string[] arguments)
    {
        (int exitCode, string output) = Run(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>Compiles one of the C programs in hosts/; they load the library themselves and are not linked with it.</summary>
    public static string CompileHost(string name, params string[] flags)
    {
        string folder = Directory.CreateDirectory(Repo.At("artifacts", "native-test", "hosts")).FullName;
        string program = Path.Combine(folder, name);
        Output(
            "cc",
            ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread", "-I", Repo.At("bindings", "c", "include"), "-o", program,
             Repo.At("tests", "Klock.Native.Tests", "hosts", name + ".c"), .. flags]);
        return program;
    }
}
