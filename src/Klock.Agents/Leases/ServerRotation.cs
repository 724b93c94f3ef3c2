using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Leases;

/// <summary>
/// Several servers that are one coordinator (SPEC section 10): asks the one that answered last, and the next one when it does not answer.
/// Thread-safe if the servers are.
/// </summary>
/// <typeparam name="TAnswer">What a server answers with.</typeparam>
/// <param name="count">How many servers there are.</param>
internal abstract class ServerRotation<TAnswer>(int count)
{
    /// <summary>How long an answer may take, beyond the time that the request itself asks to wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take to connect: less than an answer, so that a server that was never sent anything is told from one
    /// that may have done what was asked.</summary>
    public static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan _givingBack = TimeSpan.FromSeconds(1);

    // Shorter waits end before a check of their server would.
    private const long WatchedFromMs = 2_000;

    private volatile int _current;

    /// <summary>Sends a request to whichever server answers.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">Its JSON.</param>
    /// <param name="cancel">Gives up.</param>
    public TAnswer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        ReadOnlyMemory<byte> asked = RepeatableRequest.Of(operation, request);
        long waitMs = RepeatableRequest.WaitMs(asked), start = TimeProvider.System.GetTimestamp();
        int first = _current;
        var failures = new List<Exception>();
        while (failures.Count < count)
        {
            int server = (first + failures.Count) % count;
            try
            {
                long leftMs = waitMs - (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
                ReadOnlyMemory<byte> sent = waitMs > 0 && failures.Count > 0
                    ? RepeatableRequest.WithWait(asked, Math.Max(1, leftMs)) : asked;
                TAnswer answer = SendWatched(server, operation, sent, waitMs, cancel);
                _current = server;
                return Settle(operation, asked, answer, failures);
            }
            catch (Exception failure) when (IsGone(failure))
            {
                failures.Add(failure);
            }
            catch (OperationCanceledException) when (waitMs > 0 && !asked.Equals(request))
            {
                GiveBack(operation, asked);
                throw;
            }
            catch (OperationCanceledException) when (waitMs == 0)
            {
                // Who renews a lease gives up before the time of a request is over, and must not ask the same server again.
                _current = (server + 1) % count;
                throw;
            }
        }

        throw Failure(failures);
    }

    /// <summary>Sends a request to one server.</summary>
    protected abstract TAnswer Send(int server, Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel);

    /// <summary>Whether a failure to send means that another server should be asked.</summary>
    protected abstract bool IsGone(Exception failure);

    /// <summary>Whether the request may have been carried out in spite of such a failure.</summary>
    protected abstract bool MayBeDone(Exception failure);

    /// <summary>What is wrong when a server answers nothing while a request waits there.</summary>
    protected abstract Exception Stalled(int server);

    /// <summary>The failure of all.</summary>
    protected abstract Exception Failure(IReadOnlyList<Exception> failures);

    /// <summary>The error that an answer is; null when it is none.</summary>
    protected abstract ErrorCode? ErrorOf(TAnswer answer);

    /// <summary>The ids of the leases that an answer granted; none when it granted nothing.</summary>
    protected abstract IEnumerable<string> LeasesOf(TAnswer answer);

    /// <summary>An answer from its JSON.</summary>
    protected abstract TAnswer Read(ReadOnlyMemory<byte> json);

    private TAnswer SendWatched(int server, Operation operation, ReadOnlyMemory<byte> request, long waitMs, CancellationToken cancel)
    {
        if (waitMs < WatchedFromMs)
        {
            return Send(server, operation, request, cancel);
        }

        using var watch = new ServerWatch(limit => IsThere(server, limit), cancel);
        try
        {
            return Send(server, operation, request, watch.Token);
        }
        catch (OperationCanceledException) when (watch.IsGone && !cancel.IsCancellationRequested)
        {
            throw Stalled(server);
        }
    }

    private bool IsThere(int server, CancellationToken limit)
    {
        try
        {
            Send(server, Operation.Health, "{}"u8.ToArray(), limit);
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception failure)
        {
            return !IsGone(failure);
        }
    }

    // A lease that was granted under a key just as its caller gave up stays granted, and nobody else knows the key.
    private void GiveBack(Operation operation, ReadOnlyMemory<byte> asked)
    {
        ReadOnlyMemory<byte> now = RepeatableRequest.WithWait(asked, 0);
        for (int tries = 0; tries < count; tries++)
        {
            using var limit = new CancellationTokenSource(_givingBack / count);
            try
            {
                TAnswer answer = Ask(operation, now, limit.Token);
                foreach (string lease in LeasesOf(answer))
                {
                    Ask(Operation.Release, RequestJson.Of(("lease_id", lease)), limit.Token);
                }

                return;
            }
            catch (Exception)
            {
                // The next one is asked; if there is none, the lease expires by itself. Its caller is told that it was cancelled.
            }
        }
    }

    // The lease is gone, as its holder wanted; whether the first try did that nobody knows. One that has expired was not released.
    private TAnswer Settle(Operation operation, ReadOnlyMemory<byte> request, TAnswer answer, List<Exception> failures)
    {
        if (operation is not (Operation.Release or Operation.Revoke) || !failures.Any(MayBeDone)
            || ErrorOf(answer) != ErrorCode.UnknownLease)
        {
            return answer;
        }

        using var fields = JsonDocument.Parse(request);
        string done = operation == Operation.Release ? "released" : "revoked";
        string id = fields.RootElement.GetProperty("lease_id").GetRawText();
        return Read(System.Text.Encoding.UTF8.GetBytes($"{{\"success\":true,\"data\":{{\"{done}\":true,\"lease_id\":{id}}}}}"));
    }
}
