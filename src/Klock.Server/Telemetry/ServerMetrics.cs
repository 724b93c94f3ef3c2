using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Prometheus;

namespace Klock.Server.Telemetry;

/// <summary>The metrics for Prometheus. Gauges are read from the store when it scrapes. Thread-safe.</summary>
internal sealed class ServerMetrics
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _grants;
    private readonly Counter _refusals;
    private readonly Counter _errors;
    private readonly Histogram _requestSeconds;
    private readonly Gauge _storeUp;
    private readonly Gauge _storeBytes;
    private readonly Gauge _storeQuotaBytes;
    private readonly Gauge _activeLeases;
    private readonly Gauge _waiters;
    private readonly Gauge _agents;
    private readonly Gauge _sequence;

    /// <summary>Metrics about one coordinator.</summary>
    public ServerMetrics(LeaseCoordinator coordinator)
    {
        MetricFactory make = Metrics.WithCustomRegistry(_registry);

        // Exemplars come from traces, and there are none here.
        make.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        make.CreateGauge("klock_build_info", "Always 1; the label says which Klock this is.", "version")
            .WithLabels(ProductVersion.Text).Set(1);
        _grants = make.CreateCounter("klock_grants_total", "Requests for leases or changes that were granted.");
        _refusals = make.CreateCounter("klock_refusals_total", "Requests for leases or changes that were refused.", "reason");
        _errors = make.CreateCounter("klock_errors_total", "Requests that were answered with an error.", "code");
        _storeUp = make.CreateGauge("klock_store_up", "1 when the store answers and can store more, 0 when not.");
        _storeBytes = make.CreateGauge("klock_store_bytes", "How large the database of a store in etcd is.", OnceKnown());
        _storeQuotaBytes = make.CreateGauge("klock_store_quota_bytes", "How large it may get.", OnceKnown());
        _activeLeases = make.CreateGauge("klock_active_leases", "Leases that are active.");
        _waiters = make.CreateGauge("klock_waiters", "Requests that wait, queued or parked, in all processes on the store.");
        _agents = make.CreateGauge("klock_agents", "Agents that are remembered.");
        _sequence = make.CreateGauge("klock_sequence", "The number of the last event, which only rises.");
        EventStreams = make.CreateGauge("klock_event_streams", "Clients that follow events.");
        Counter reads = make.CreateCounter(
            "klock_event_reads_total", "Looks into the store for new events: one for all who follow, or for one who is behind.", "for");
        EventReadsOfAll = reads.WithLabels("all");
        EventReadsOfOne = reads.WithLabels("one");
        StreamsDropped = make.CreateCounter("klock_event_streams_dropped_total", "Clients that were dropped: they read too slowly.");
        WaitSeconds = make.CreateHistogram("klock_wait_seconds", "How long requests that had to wait waited.", Buckets(0.001, 4, 12));
        StoreSeconds = make.CreateHistogram(
            "klock_store_seconds", "How long the store took to decide and commit.", Buckets(0.000_001, 4, 12));
        _requestSeconds = make.CreateHistogram(
            "klock_http_request_seconds", "How long answers took, waiting included.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000_02, 4, 12), LabelNames = ["route"] });
        _registry.AddBeforeCollectCallback(_ => ReadStoreAsync(coordinator));
    }

    /// <summary>How long the store took.</summary>
    public Histogram StoreSeconds { get; }

    /// <summary>How long requests that had to wait waited.</summary>
    public Histogram WaitSeconds { get; }

    /// <summary>Open event streams.</summary>
    public Gauge EventStreams { get; }

    /// <summary>Reads of events on behalf of all streams.</summary>
    public Counter.Child EventReadsOfAll { get; }

    /// <summary>Reads of events on behalf of one stream that is behind.</summary>
    public Counter.Child EventReadsOfOne { get; }

    /// <summary>Streams that were dropped.</summary>
    public Counter StreamsDropped { get; }

    /// <summary>Counts a reply.</summary>
    public void Count(Outcome outcome)
    {
        if (outcome.Refusal is { } reason)
        {
            _refusals.WithLabels(reason.ToName()).Inc();
        }
        else if (outcome.Error is { } code)
        {
            _errors.WithLabels(code.ToName()).Inc();
        }
        else if (outcome.Kind == ReplyKind.Granted)
        {
            _grants.Inc();
        }
    }

    /// <summary>Observes the times of one route's answers, in s.</summary>
    public IObserver RequestSeconds(string route) => _requestSeconds.WithLabels(route);

    /// <summary>Writes all of it in the format of Prometheus.</summary>
    public Task WriteAsync(Stream into, CancellationToken cancel) => _registry.CollectAndExportAsTextAsync(into, cancel);

    private static HistogramConfiguration Buckets(double first, double factor, int count) =>
        new() { Buckets = Histogram.ExponentialBuckets(first, factor, count) };

    private static GaugeConfiguration OnceKnown() => new() { SuppressInitialValue = true };

    private static void SetWhenKnown(Gauge gauge, long? value)
    {
        if (value > 0)
        {
            gauge.Set(value.Value);
        }
    }

    private async Task ReadStoreAsync(LeaseCoordinator coordinator)
    {
        try
        {
            StoreHealth health = await coordinator.ReadHealthAsync();
            StoreRoom? room = coordinator.Room;
            _storeUp.Set(room is { Problem: not null } ? 0 : 1);
            SetWhenKnown(_storeBytes, room?.UsedBytes);
            SetWhenKnown(_storeQuotaBytes, room?.QuotaBytes);
            _activeLeases.Set(health.ActiveLeases);
            _waiters.Set(health.Waiters);
            _agents.Set(health.Agents);
            _sequence.Set(health.Sequence);
        }
        catch (KlockException)
        {
            _storeUp.Set(0);
        }
    }
}
