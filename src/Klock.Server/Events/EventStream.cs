using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Klock.Coordinator.Protocol;

namespace Klock.Server.Events;

/// <summary>Sends one client the events after a number, as they happen (server-sent events).</summary>
/// <remarks>
/// New events come from the tail that all streams share, and those that the client has fallen behind by from the store, at its own pace,
/// so that a slow client costs nobody memory or time. A client that takes nothing for <see cref="LongestWrite"/> is dropped, and may
/// resume from the last number it has.
/// </remarks>
/// <param name="tail">The tail that all streams share.</param>
/// <param name="source">Reads from the store for this client alone.</param>
/// <param name="time">The clock.</param>
/// <param name="filter">The events that the client wants.</param>
internal sealed class EventStream(EventTail tail, EventSource source, TimeProvider time, EventFilter filter)
{
    /// <summary>How long a client may take to accept what is sent to it.</summary>
    public static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);

    // How soon a client that is behind is served again after the store failed.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // So that a client, and proxies between, can distinguish silence from a broken connection.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private long _last;
    private bool _storeFails;

    /// <summary>Sends until the client disconnects or the token is cancelled.</summary>
    /// <returns>False when the client took too long to read and is to be dropped.</returns>
    public async Task<bool> RunAsync(PipeWriter writer, long after, CancellationToken cancel)
    {
        Write(writer, $"retry: 1000\nid: {after}\n: following klock {ProductVersion.Text}\n\n");
        _last = after;
        long spokenAt = time.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            Task news = tail.NextNews();
            bool isMore = await SendAsync(writer);
            if (writer.UnflushedBytes == 0 && time.GetElapsedTime(spokenAt) >= KeepAlive)
            {
                Write(writer, ": alive\n\n");
            }

            if (writer.UnflushedBytes > 0)
            {
                spokenAt = time.GetTimestamp();
                using var tooLong = new CancellationTokenSource(LongestWrite, time);
                if (!await TryFlushAsync(writer, tooLong.Token, cancel))
                {
                    return !tooLong.IsCancellationRequested;
                }
            }

            if (!isMore)
            {
                TimeSpan silence = KeepAlive - time.GetElapsedTime(spokenAt);
                TimeSpan most = _storeFails ? Look : silence > TimeSpan.Zero ? silence : TimeSpan.Zero;
                await news.WaitAsync(most, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return true;
    }

    /// <summary>Writes the events after the last one; true when there may be more at once.</summary>
    private async Task<bool> SendAsync(PipeWriter writer)
    {
        _storeFails = false;
        List<EventFrame> frames = tail.After(_last) ?? await CatchUpAsync();
        foreach (EventFrame frame in frames)
        {
            _last = Math.Max(_last, frame.Sequence);
            if (filter.Passes(frame.Line))
            {
                writer.Write(frame.Bytes);
            }
        }

        return frames.Count >= EventSource.Most;
    }

    private async Task<List<EventFrame>> CatchUpAsync()
    {
        // Everything up to the tail's start had been stored when it was read: a read of the store from now on has all of it.
        long start = tail.Start;
        List<EventFrame>? frames = await source.ReadAsync(_last);
        _storeFails = frames is null;
        if (frames?.Count < EventSource.Most)
        {
            _last = Math.Max(_last, start);
        }

        return frames ?? [];
    }

    private static void Write(PipeWriter writer, string text) => Encoding.UTF8.GetBytes(text, writer);

    // When a flush is cancelled, Kestrel aborts the connection and returns as if all was well. The request's own token is cancelled a
    // moment later, so only the token of the limit tells a client that took too long from one that went away.
    private static async Task<bool> TryFlushAsync(PipeWriter writer, CancellationToken tooLong, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, tooLong);
        try
        {
            FlushResult flushed = await writer.FlushAsync(limit.Token);
            return !flushed.IsCompleted && !limit.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
