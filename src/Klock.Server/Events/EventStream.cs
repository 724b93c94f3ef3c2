using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Klock.Coordinator;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Events;

/// <summary>Sends one client the events after a number, as they happen (server-sent events).</summary>
/// <remarks>
/// It reads from the store at its own pace, so that a slow client costs nobody memory or time. One that takes nothing for
/// <see cref="LongestWrite"/> is dropped, and may resume from the last number it has.
/// </remarks>
internal sealed class EventStream(LeaseCoordinator coordinator, EventBell bell, TimeProvider time, EventFilter filter)
{
    /// <summary>How long a client may take to make room for what is sent to it.</summary>
    public static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);

    // Other processes on the same file ring no bell here.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // Under load: many events in one look rather than a look an event.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);

    // So that a client, and whatever is between, can tell silence from a broken connection.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    private readonly ArrayBufferWriter<byte> _answer = new();

    /// <summary>Sends until the client goes or the token says so.</summary>
    /// <returns>False when the client took too long to read and is to be dropped.</returns>
    public async Task<bool> RunAsync(PipeWriter writer, long after, CancellationToken cancel)
    {
        Write(writer, $"retry: 1000\nid: {after}\n: following klock {ProductVersion.Text}\n\n");
        long last = after;
        long spokenAt = time.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            Task ring = bell.NextRing();
            bool isMore = Send(writer, ref last);
            if (writer.UnflushedBytes == 0 && time.GetElapsedTime(spokenAt) >= SignOfLife)
            {
                Write(writer, ": alive\n\n");
            }

            if (writer.UnflushedBytes > 0)
            {
                spokenAt = time.GetTimestamp();
                if (!await TryFlushAsync(writer, cancel))
                {
                    return cancel.IsCancellationRequested;
                }
            }

            if (!isMore)
            {
                await Task.WhenAny(ring, Task.Delay(Look, time, cancel));
                await Task.Delay(Rest, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return true;
    }

    /// <summary>Writes the events after a number; true when there may be more at once.</summary>
    private bool Send(PipeWriter writer, ref long last)
    {
        byte[] request = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"after\":{last},\"limit\":{Limits.Events}}}"));
        coordinator.Execute(Operation.Events, request, _answer);

        // A store that fails for now is asked again at the next look.
        List<EventLine> lines = EventLine.ReadAll(_answer.WrittenSpan) ?? [];
        foreach (EventLine line in lines)
        {
            last = Math.Max(last, line.Sequence);
            if (filter.Passes(line))
            {
                Write(writer, $"id: {line.Sequence}\ndata: ");
                writer.Write(_answer.WrittenSpan[line.Json]);
                writer.Write("\n\n"u8);
            }
        }

        return lines.Count >= Limits.Events;
    }

    private static void Write(PipeWriter writer, string text) => Encoding.UTF8.GetBytes(text, writer);

    private async Task<bool> TryFlushAsync(PipeWriter writer, CancellationToken cancel)
    {
        using var tooLong = new CancellationTokenSource(LongestWrite, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, tooLong.Token);
        try
        {
            return !(await writer.FlushAsync(limit.Token)).IsCompleted;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
