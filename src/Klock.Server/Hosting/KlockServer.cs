using System.Net.Sockets;
using Klock.Client;
using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Server.Mcp;
using Klock.Server.Options;
using Klock.Server.Startup;
using Klock.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Klock.Server.Hosting;

/// <summary>The life cycle of the server: open the store, listen, announce the address, serve until a signal, drain.</summary>
internal static class KlockServer
{
    // From the signal to the end it has 5 s in all.
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestEndOfClaims = TimeSpan.FromSeconds(1.5);

    private const int ThreadsForStore = 64;

    /// <summary>Serves until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartFailure">It cannot start.</exception>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        options = options with { Storage = ServedStore.Resolve(options.Storage) };
        UnixSocketFile? socket = null;
        if (options.SocketPath is { } path)
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new StartFailure("--socket is available on Linux only: leave it out, and clients reach the server by its port.");
            }

            UnixSocketFile.MakeFilesForOwnerAlone();
            ServedStore.RefuseStrangeSocket(path, options.Storage);
            socket = new UnixSocketFile(path, TimeProvider.System);
        }

        int wanted = options.MaxConnections;
        options = options with { MaxConnections = (int)Math.Clamp(FileLimit.Raise() - FileLimit.Reserved, 1, wanted) };
        MakeRoomForWaitingThreads(options.Storage);
        using LeaseCoordinator coordinator = OpenStore(options);
        await using WebApplication app = Build(options, coordinator, socket);
        await StartAsync(app, options);
        ILogger log = LogOf(app.Services);
        if (options.MaxConnections < wanted)
        {
            Log.FewFiles(log, options.MaxConnections, wanted);
        }

        app.Lifetime.ApplicationStopping.Register(() =>
        {
            // One after the other, and each may find that the store is silent; what is left expires.
            Task.Run(app.Services.GetRequiredService<Pipeline>().EndClaims).Wait(LongestEndOfClaims);
            Drain(coordinator, log);
        });
        await AnnounceAsync(app, options, log);
        await app.WaitForShutdownAsync();
        if (OperatingSystem.IsLinux())
        {
            socket?.Remove();
        }
        return 0;
    }

    // A request to a store on a disk keeps its thread until it is stored, and those that are there together share one commit.
    // The pool starts with a thread a core, and adds more only when it has noticed for a while that they do not suffice.
    private static void MakeRoomForWaitingThreads(string storage)
    {
        if (storage != OpenOptions.Memory)
        {
            ThreadPool.GetMinThreads(out int workers, out int completions);
            ThreadPool.SetMinThreads(Math.Max(workers, ThreadsForStore), completions);
        }
    }

    private static ILogger LogOf(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("klock");

    private static LeaseCoordinator OpenStore(ServeOptions options)
    {
        try
        {
            StoreRoot? root = StoreRoots.Of(options.Root, cwd: null, Environment.GetEnvironmentVariable, TimeProvider.System);
            TimeProvider clock = ServerClock.Of(Environment.GetEnvironmentVariable(ServerClock.OffsetVariable));
            return SharedStores.TryOpen(options.Storage, clock, options.AcceptsRestore) is { } shared
                    ? new LeaseCoordinator(shared, KernelRandom.Shared, root)
                : options.AcceptsRestore ? throw NeedsNoConsent(options.Storage)
                : LocalStores.Open(options.Storage, clock, KernelRandom.Shared, root: root);
        }
        catch (KlockException unusable)
        {
            throw new StartFailure(unusable.Message, unusable);
        }
    }

    // A memory store is never restored, and a file notices it by itself.
    private static StartFailure NeedsNoConsent(string storage) => new(
        $"--accept-restore goes with a store in etcd or PostgreSQL, and --storage is {SharedStorage.Shown(storage)}: leave it out.");

    // An empty builder: no settings file in the current folder and no ASPNETCORE variable changes what the flags say.
    private static WebApplication Build(ServeOptions options, LeaseCoordinator coordinator, UnixSocketFile? socket)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "klock", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => KestrelSetup.Configure(server, options));
        if (options.Tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        // A request is answered on the thread that read it: answering takes less time than passing it to another thread.
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.CreateBoundListenSocket = where => OperatingSystem.IsLinux() && where is UnixDomainSocketEndPoint
                ? socket!.Listen()
                : SocketTransportOptions.CreateDefaultBoundListenSocket(where);
        });
        ConfigureLogging(builder.Logging, options);
        IServiceCollection services = builder.Services;
        services.AddRoutingCore();
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.CorsOrigins])
            .WithMethods("GET", "POST", "PATCH", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "Last-Event-ID")));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestDrain);
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        services.AddSingleton(provider => new Pipeline(options, coordinator, LogOf(provider), TimeProvider.System));
        HttpEndpoint.AddTo(services, provider =>
            provider.GetRequiredService<Pipeline>().McpOver(provider.GetRequiredService<IHttpContextAccessor>()));
        services.AddHostedService(provider => new Sweeper(
            coordinator, provider.GetRequiredService<Pipeline>().Signal, TimeProvider.System, LogOf(provider)));
        if (options.Starter is { } starter)
        {
            services.AddHostedService(provider => new StarterWatch(
                starter, provider.GetRequiredService<IHostApplicationLifetime>(), TimeProvider.System, LogOf(provider)));
        }

        WebApplication app = builder.Build();
        app.Services.GetRequiredService<Pipeline>().Configure(app);
        return app;
    }

    private static void ConfigureLogging(ILoggingBuilder logging, ServeOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);

        // The framework's own log entries of requests have their paths, and a path can have a lease's id.
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // So have those of MCP the ids of sessions.
        logging.AddFilter("ModelContextProtocol", LogLevel.Warning);

        // A failed start is reported by one line of ours. And the framework makes an Activity for every request if it may log any.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (options.LogsJson)
        {
            logging.AddJsonConsole(json => json.TimestampFormat = "o");
        }
        else
        {
            logging.AddSimpleConsole(text => (text.SingleLine, text.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ "));
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.Services.Configure<ConsoleFormatterOptions>(formatter => formatter.UseUtcTimestamp = true);
    }

    private static async Task StartAsync(WebApplication app, ServeOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception taken) when (taken is IOException { InnerException: AddressInUseException } or AddressInUseException)
        {
            throw new StartFailure($"--port is {options.Port}, which another program on {options.Address} listens on already.", taken);
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            throw new StartFailure($"Cannot listen on {options.Address} port {options.Port}: {SystemTrouble.Of(refused)}.", refused);
        }
    }

    private static async Task AnnounceAsync(WebApplication app, ServeOptions options, ILogger log)
    {
        IFeatureCollection features = app.Services.GetRequiredService<IServer>().Features;
        ICollection<string> addresses = features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

        // A socket is bound under a temporary name, so its final one is shown.
        string[] urls =
        [
            .. addresses.Select(address =>
                address.StartsWith("http://unix:", StringComparison.Ordinal) ? $"unix:{options.SocketPath}" : address),
        ];
        string all = string.Join(", ", urls);
        string storage = SharedStorage.Shown(options.Storage);
        Log.Serving(log, storage, all, options.Keys.Count, ProductVersion.Text);
        if (ServedStore.OtherStoreHere(options.Storage) is { } other)
        {
            Log.OtherStore(log, SharedStorage.Shown(other), storage, urls[0]);
        }

        if (options.Keys.IsEmpty && !options.IsLocal)
        {
            Log.Open(log, all);
        }

        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.GroupRead;
        if (options.KeyFile is { } file && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
        {
            Log.KeyFileReadable(log);
        }

        // One line, for a program that waits for it; the log names the socket as well.
        await Console.Out.WriteLineAsync($"klock listening on {urls[0]}");
        await Console.Out.FlushAsync();
        new SystemdNotifier().Notify(ServiceState.Ready);
    }

    // The host stops accepting right after this. Every waiting and every new request is answered that it should be sent again later.
    private static void Drain(LeaseCoordinator coordinator, ILogger log)
    {
        Log.Stopping(log);
        new SystemdNotifier().Notify(ServiceState.Stopping);
        coordinator.Dispose();
    }
}
