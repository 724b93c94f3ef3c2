using System.Buffers;
using System.Text;
using Klock.Coordinator;
using Klock.Server.Events;
using Klock.Server.Http;
using Klock.Server.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Hosting;

/// <summary>
/// Sees that what runs out is told when it runs out: nobody is blocked by an overdue lease, but while nobody asks for anything
/// nobody notices it either, and its event would come late.
/// </summary>
internal sealed class Sweeper(LeaseCoordinator coordinator, EventBell bell, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly ArrayBufferWriter<byte> _answer = new();
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
        coordinator.Execute(Operation.EvictExpired, default, _answer);
        bool fails = Outcome.Of(_answer.WrittenSpan, StatusCodes.Status200OK).Code == "STORAGE_UNAVAILABLE";
        if (fails && !_fails)
        {
            Log.StoreFails(log, Encoding.UTF8.GetString(_answer.WrittenSpan));
        }

        _fails = fails;
        bell.Ring();
    }
}
