using System.Globalization;
using Grpc.Core;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>Asks from time to time how large the database of the member is that is asked now, and whether its quota is full.</summary>
/// <remarks>An etcd before 3.6 tells its quota only among its metrics, which it may serve elsewhere: then the quota is not known.</remarks>
internal sealed class RoomWatch : IDisposable
{
    private const string QuotaMetric = "etcd_server_quota_backend_bytes ";

    private readonly Cluster _cluster;
    private readonly Recurring _looking;
    private StoreRoom? _room;

    // By member: a quota is set when a member is started.
    private (Uri? Member, long Bytes) _quota;

    public RoomWatch(Cluster cluster)
    {
        _cluster = cluster;
        _looking = new Recurring(async cancel => Volatile.Write(ref _room, await LookAsync(cancel)), TimeSpan.FromSeconds(3));
    }

    /// <summary>What it was last; null when it is not known.</summary>
    public StoreRoom? Room => Volatile.Read(ref _room);

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _looking.Start();

    public void Dispose() => _looking.Dispose();

    private async Task<StoreRoom?> LookAsync(CancellationToken cancel)
    {
        try
        {
            (Uri member, StatusResponse status) = await _cluster.AskStatusAsync(cancel);
            bool isFull = status.Errors.Any(static error => error.Contains("NOSPACE", StringComparison.Ordinal));
            long quota = status.DbSizeQuota > 0 ? status.DbSizeQuota : await QuotaOfAsync(member, cancel);
            return new StoreRoom(status.DbSize, quota, isFull ? Refusals.IsFull : null);
        }
        catch (Exception unknown) when (unknown is RpcException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    // 0: it does not tell.
    private async Task<long> QuotaOfAsync(Uri member, CancellationToken cancel)
    {
        if (_quota.Member == member)
        {
            return _quota.Bytes;
        }

        try
        {
            _quota = (member, QuotaIn(await _cluster.ReadMetricsAsync(member, cancel)));
            return _quota.Bytes;
        }
        catch (Exception unknown) when (unknown is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }

    // 0: it is not there.
    private static long QuotaIn(string metrics)
    {
        int start = metrics.IndexOf("\n" + QuotaMetric, StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        ReadOnlySpan<char> value = metrics.AsSpan(start + 1 + QuotaMetric.Length);
        int end = value.IndexOf('\n');
        ReadOnlySpan<char> number = end < 0 ? value : value[..end];
        return double.TryParse(number, CultureInfo.InvariantCulture, out double bytes) && bytes > 0 ? (long)bytes : 0;
    }
}
