using System.Buffers;
using System.Text;
using Klock.Coordinator;
using Microsoft.Extensions.Time.Testing;

namespace Klock.Storage.Tests.Harness;

/// <summary>Callers who wait for themselves: on a thread, or with a task.</summary>
internal static class Callers
{
    /// <summary>Starts a thread; what it throws reaches whoever awaits it.</summary>
    public static Task Start(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>As the other, with what comes of it.</summary>
    public static Task<T> Start<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What is written into a buffer, as text.</summary>
    public static string Answer(Action<ArrayBufferWriter<byte>> ask)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ask(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static async Task<Answer> Ask(
        LeaseCoordinator coordinator, Operation operation, Request request, TimeProvider clock, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await coordinator.ExecuteAsync(operation, Encoding.UTF8.GetBytes(request.ToString()), buffer, clock, cancellation);
        var answer = new Answer(Encoding.UTF8.GetString(buffer.WrittenSpan));
        Shapes.Check(operation, answer);
        return answer;
    }

    /// <summary>Moves a clock on, a millisecond at a time so as to give those who sleep on it time to look, until a task ends.</summary>
    public static async Task UntilDone(this FakeTimeProvider clock, Task task, int longestMs = 60_000)
    {
        for (int step = 0; !task.IsCompleted; step++)
        {
            Xunit.Assert.True(step < longestMs, "the task does not end");
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
