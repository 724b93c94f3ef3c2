using Klock.Coordinator.Protocol;
using Klock.Server.Events;
using Klock.Server.Http;
using Klock.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Routes;

/// <summary>Reports a request once it is decided: to the metrics, to the log, and to the event streams.</summary>
internal sealed class Recorder(ServerMetrics metrics, EventSignal signal, ILogger log)
{
    /// <summary>The store has answered, or has queued or parked the request.</summary>
    public void StoreAnswered(TimeSpan took) => metrics.StoreSeconds.Observe(took.TotalSeconds);

    /// <summary>A waiting request has its answer.</summary>
    public void WaitEnded(TimeSpan took) => metrics.WaitSeconds.Observe(took.TotalSeconds);

    /// <summary>A request has its answer.</summary>
    public void Decided(Operation operation, Exchange exchange, TimeSpan took)
    {
        signal.Raise();
        Outcome outcome = exchange.Reply.Outcome;
        metrics.Count(outcome);

        // Heartbeats are most of the traffic and decide nothing.
        if (log.IsEnabled(LogLevel.Debug) && operation is not (Operation.Heartbeat or Operation.RenewSession or Operation.Health))
        {
            var decision = Decision.Of(exchange);
            Log.Decided(
                log, operation.ToString(), outcome.Name, decision.Agent, decision.Session, decision.Predicate,
                decision.Resource, took.TotalMilliseconds);
        }
    }
}
