using Klock.Server.Telemetry;
using Klock.Storage.Sqlite.Holders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Hosting;

/// <summary>Ends the server with the program that started it, however that ends: a killed one can stop nothing itself.</summary>
internal sealed class StarterWatch(NamedProcess starter, IHostApplicationLifetime lifetime, TimeProvider time, ILogger log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (starter.IsGone())
                {
                    Log.StarterEnded(log, starter.Id);
                    lifetime.StopApplication();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
