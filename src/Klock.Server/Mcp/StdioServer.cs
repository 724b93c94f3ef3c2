using System.Runtime.InteropServices;
using Klock.Agents.Claims;
using Klock.Agents.Processes;
using Klock.Agents.Settings;
using Klock.Client.Places;
using Klock.Server.Startup;
using Klock.Storage.Sqlite.Holders;
using ModelContextProtocol.Server;

namespace Klock.Server.Mcp;

/// <summary>
/// The life cycle of <c>klock mcp</c>: serves the client that started it, until that ends its input, is gone, or a signal comes. Then all
/// claims end.
/// </summary>
internal static class StdioServer
{
    private const int MostCalls = 64;

    private const string Help =
        """
        Serves a coding agent as an MCP server on stdin and stdout: tools to claim files ahead, and to see who works on what.

        Usage:
          klock mcp

        """;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Serves the client until it is gone.</summary>
    /// <param name="args">What follows <c>klock mcp</c>.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartFailure">There are arguments.</exception>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            await Console.Out.WriteLineAsync(Help);
            Examples.Write(Console.Out, Examples.OfMcp);
            return 0;
        }

        if (args.Length > 0)
        {
            throw new StartFailure($"there is nothing to say after klock mcp, and '{args[0]}' was. See klock mcp --help.");
        }

        var process = ClientProcess.Find(named: 0);
        var settings = HookSettings.In(WorkingDirectory.Current().Path, Environment.GetEnvironmentVariable);
        LeaseBinding binding = process.Id == 0 ? LeaseBinding.ToThisProcess() : LeaseBinding.ToProcess(process.Id);
        using var places = new LocalPlaces(binding, settings.Variable);
        using var book = new ClaimBook(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var handlers = new McpHandlers(
            new Tools(new ClaimDesk(book, TimeProvider.System)), new StdioCallers(places, process, settings.Variable, stop.Token),
            MostCalls);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        // A client that was killed may leave its end of the input open in a process of its own.
        await using var watch = new Timer(_ => EndWithClient(process, stop), null, _look, _look);
        await ServeAsync(handlers, stop.Token);
        await stop.CancelAsync();
        await handlers.DrainAsync(_patience);
        book.EndConnection("");
        return 0;
    }

    private static async Task ServeAsync(McpHandlers handlers, CancellationToken stop)
    {
        var options = new McpServerOptions();
        handlers.Configure(options);
        await using var transport = new StdioServerTransport(options);
        await using var server = McpServer.Create(transport, options);
        try
        {
            await server.RunAsync(stop);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // A signal, or a client that reads no more.
        }
    }

    private static void EndWithClient(ClientProcess process, CancellationTokenSource stop)
    {
        if (!process.IsAlive)
        {
            stop.Cancel();
        }
    }
}
