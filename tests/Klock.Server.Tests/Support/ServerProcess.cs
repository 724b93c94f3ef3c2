using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Klock.Server.Tests.Support;

/// <summary>klock-server, running as a process of its own. Killed when disposed, if it still runs.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string[] arguments, (string Name, string Value)[] environment, string? shell = null)
    {
        (string program, string[] all) = shell is null
            ? (Repo.Server, arguments)
            : ("/bin/sh", ["-c", shell + "; exec \"$0\" \"$@\"", Repo.Server, .. arguments]);
        var start = new ProcessStartInfo(program, all)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("KLOCK_API_KEY");
        start.Environment.Remove("KLOCK_STORAGE");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("It ended before it was ready: " + Errors));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens, as its ready line says.</summary>
    public Uri Url { get; private set; } = new("http://unknown");

    public int Id => _process.Id;

    /// <summary>What it wrote on stdout so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>What it wrote on stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts it on a free port and waits until it is ready.</summary>
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartWithAsync([], arguments);

    /// <summary>As <see cref="StartAsync"/>, with variables.</summary>
    public static async Task<ServerProcess> StartWithAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var server = new ServerProcess(["--port", "0", .. arguments], environment);
        await server.UntilReadyAsync();
        return server;
    }

    /// <summary>As <see cref="StartAsync"/>, after a command in the shell that becomes the server.</summary>
    public static async Task<ServerProcess> StartAfterAsync(string shell, params string[] arguments)
    {
        var server = new ServerProcess(["--port", "0", .. arguments], [], shell);
        await server.UntilReadyAsync();
        return server;
    }

    /// <summary>Runs it to its end; for arguments with which it cannot start.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync((string Name, string Value)[] environment,
        params string[] arguments) => EndOfAsync(new ServerProcess(arguments, environment));

    /// <summary>As <see cref="RunAsync"/>, after a command in the shell that becomes the server.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAfterAsync(string shell, params string[] arguments) =>
        EndOfAsync(new ServerProcess(arguments, [], shell));

    /// <summary>Starts it, and waits for nothing.</summary>
    public static ServerProcess Launch(params string[] arguments) => new(["--port", "0", .. arguments], []);

    /// <summary>Whether it became ready; false when it ended instead.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            await UntilReadyAsync();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return _process.ExitCode;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> EndOfAsync(ServerProcess started)
    {
        await using ServerProcess server = started;
        _ = server._ready.Task.Exception;
        await server._process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return (server._process.ExitCode, string.Join('\n', server._lines), server.Errors);
    }

    /// <summary>Sends SIGTERM and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        Signal("TERM");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal, by its name.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("/bin/kill", ["-s", name, Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as a power cut would, kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until stderr has a text.</summary>
    public async Task UntilLoggedAsync(string text)
    {
        for (int i = 0; !Errors.Contains(text, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 200, $"'{text}' is not in: {Errors}");
            await Task.Delay(25);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _ = _ready.Task.Exception;
        _process.Dispose();
    }

    private async Task UntilReadyAsync()
    {
        await _ready.Task.WaitAsync(Patience);
        Url = new Uri(_lines.First().Split(' ')[^1]);
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            _ready.TrySetResult();
        }
    }

    private void KeepError(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }
}
