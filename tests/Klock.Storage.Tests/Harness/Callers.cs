using System.Text;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
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
    public static string Answer(Action<Reply> ask)
    {
        var reply = new Reply();
        ask(reply);
        return Encoding.UTF8.GetString(reply.Utf8);
    }

    public static async Task<Answer> Ask(
        LeaseCoordinator coordinator, Operation operation, Request request, TimeProvider clock, CancellationToken cancellation)
    {
        var reply = new Reply();
        if (coordinator.Begin(operation, Encoding.UTF8.GetBytes(request.ToString()), reply) is { } wait)
        {
            await coordinator.WaitAsync(wait, reply, clock, cancellation);
        }

        return Shapes.Read(operation, reply);
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
