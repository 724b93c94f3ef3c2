using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Server.Events;
using Klock.Server.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Hosting;

/// <summary>
/// Sweeps what is overdue at its time: an overdue lease blocks nobody, but while no request comes nobody notices it either, and its
/// event would be emitted late.
/// </summary>
internal sealed class Sweeper(LeaseCoordinator coordinator, EventSignal signal, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private bool _fails;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void Sweep()
    {
        Exception? failure = coordinator.Sweep();
        if (failure is not null && !_fails)
        {
            if (failure is KlockException { Code: ErrorCode.StorageUnavailable })
            {
                Log.StoreFails(log, failure.Message);
            }
            else
            {
                Log.Defect(log, failure);
            }
        }

        _fails = failure is not null;
        signal.Raise();
    }
}
