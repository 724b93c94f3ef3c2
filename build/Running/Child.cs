using System.Diagnostics;

namespace Klock.Build.Running;

/// <summary>One program to run: what, with which arguments, and what differs from the build's own environment.</summary>
/// <param name="Program">A path, or a name that is looked up on PATH.</param>
/// <param name="Arguments">Passed as they are; no shell reads them.</param>
internal sealed record Child(string Program, params string[] Arguments)
{
    /// <summary>Variables set on top of the build's own; null removes one.</summary>
    public Dictionary<string, string?> Environment { get; init; } = [];

    /// <summary>Where it runs; the top of the checkout by default.</summary>
    public string Folder { get; init; } = Repo.Top;

    /// <summary>Runs it with all output in <paramref name="log"/> and an empty standard input.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the program and its children were killed.</exception>
    public async Task<int> RunLoggedAsync(TextWriter log, CancellationToken cancel)
    {
        ProcessStartInfo start = ToStartInfo();
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        Lock gate = new();
        void Write(object sender, DataReceivedEventArgs line)
        {
            lock (gate)
            {
                if (line.Data is not null)
                {
                    log.WriteLine(line.Data);
                }
            }
        }

        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        Start(process);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return await WaitAsync(process, TimeSpan.Zero, cancel);
    }

    /// <summary>Runs it on the build's own terminal: input, output and colours are passed through untouched.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the program and its children were killed.</exception>
    public async Task<int> RunAttachedAsync(CancellationToken cancel)
    {
        using Process process = new() { StartInfo = ToStartInfo() };
        Start(process);
        // Ctrl-C on a terminal reaches it too, and it may have to clean up.
        return await WaitAsync(process, TimeSpan.FromSeconds(3), cancel);
    }

    public override string ToString() => string.Join(' ', [Program, .. Arguments]);

    private ProcessStartInfo ToStartInfo()
    {
        ProcessStartInfo start = new(Program, Arguments) { WorkingDirectory = Folder, UseShellExecute = false };
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Start(Process process)
    {
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new BuildFailure($"Cannot start {Program}: {error.Message}.", BuildFailure.NotRight);
        }
    }

    private static async Task<int> WaitAsync(Process process, TimeSpan grace, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.WaitForExit(grace);
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
